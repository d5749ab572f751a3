package pagetoken

import (
	"encoding/json"
	"fmt"
	"time"
)

// Position is where a page of the API begins (data/model/modelutil.py). Pages of log
// entries are by time, others by id.
type Position struct {
	// ID is the first id of the page, unless Time is set.
	ID int64
	// Time is the first time of the page, in UTC and to the microsecond.
	Time time.Time
	// Page is the number of the page; the first that needs a token is 1.
	Page int
	// Offset is how many rows with that time other pages had already.
	Offset int64
}

type positionJSON struct {
	Start  json.RawMessage `json:"start_index"`
	Page   int             `json:"page_number"`
	IsTime bool            `json:"is_datetime"`
	Offset int64           `json:"offset_val"`
}

const timeFormat = "2006-01-02T15:04:05.999999Z"

// MarshalJSON implements json.Marshaler, in the product's form.
func (p Position) MarshalJSON() ([]byte, error) {
	out := positionJSON{Page: p.Page, IsTime: !p.Time.IsZero(), Offset: p.Offset}
	var err error
	if out.IsTime {
		out.Start, err = json.Marshal(pythonTime(p.Time))
	} else {
		out.Start, err = json.Marshal(p.ID)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// pythonTime is isoformat and a Z: six digits behind the second, or none.
func pythonTime(t time.Time) string {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Nanosecond() == 0 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}

// UnmarshalJSON implements json.Unmarshaler. It leaves p alone when it fails.
func (p *Position) UnmarshalJSON(b []byte) error {
	var in positionJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	got := Position{Page: in.Page, Offset: in.Offset}
	if !in.IsTime {
		if err := json.Unmarshal(in.Start, &got.ID); err != nil {
			return fmt.Errorf("start_index: %w", err)
		}
		*p = got
		return nil
	}
	var text string
	if err := json.Unmarshal(in.Start, &text); err != nil {
		return fmt.Errorf("start_index: %w", err)
	}
	t, err := time.Parse(timeFormat, text)
	if err != nil {
		return fmt.Errorf("start_index: %w", err)
	}
	got.Time = t.UTC()
	*p = got
	return nil
}
