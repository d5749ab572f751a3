package record

import (
	"errors"
	"fmt"
	"time"

	"github.com/quay/quay/sdk/config"
)

// errForm says that a value of the database is none that the column's field can hold.
var errForm = errors.New("the column cannot hold such a value")

// set stores a value as an engine gave it in a field. Where it cannot, the field is
// left as it is.
func set(c Column, field, raw any) error {
	switch c.Kind {
	case Integer, Bigint:
		return assign(field, raw, integer)
	case Boolean:
		return assign(field, raw, boolean)
	case Timestamp, Date:
		return assign(field, raw, moment)
	case Document:
		return assign(field, raw, document)
	case Secret:
		return assign(field, raw, secret)
	}
	return assign(field, raw, text)
}

// assign converts a value and stores it in a field of type T or *T.
func assign[T any](field, raw any, convert func(any) (T, error)) error {
	to, required := field.(*T)
	if raw == nil {
		if required {
			return errForm
		}
		*field.(**T) = nil
		return nil
	}
	v, err := convert(raw)
	if err != nil {
		return err
	}
	if required {
		*to = v
	} else {
		*field.(**T) = &v
	}
	return nil
}

func integer(raw any) (int64, error) {
	switch v := raw.(type) {
	case int64:
		return v, nil
	case int32:
		return int64(v), nil
	}
	return 0, errForm
}

func boolean(raw any) (bool, error) {
	switch v := raw.(type) {
	case bool:
		return v, nil
	case int64: // SQLite has no booleans, and what is not zero is true there
		return v != 0, nil
	}
	return false, errForm
}

func text(raw any) (string, error) {
	if v, ok := raw.(string); ok {
		return v, nil
	}
	return "", errForm
}

func document(raw any) (JSON, error) {
	v, err := text(raw)
	return JSON(v), err
}

func secret(raw any) (config.Secret, error) {
	v, err := text(raw)
	return config.NewSecret(v), err
}

func moment(raw any) (at time.Time, err error) {
	switch v := raw.(type) {
	case time.Time:
		at = v.UTC()
	case string:
		if at, err = parseTime(v); err != nil {
			return at, err
		}
	default:
		return at, errForm
	}
	if at.Year() < 1 || at.Year() > 9999 { // what Python can hold
		return at, errForm
	}
	return at, nil
}

// get returns the value of a field; see Table.Values.
func get(c Column, field any) any {
	switch f := field.(type) {
	case *int64:
		return *f
	case **int64:
		return orNil(*f)
	case *bool:
		return *f
	case **bool:
		return orNil(*f)
	case *string:
		return *f
	case **string:
		return orNil(*f)
	case *JSON:
		return string(*f)
	case **JSON:
		if *f == nil {
			return nil
		}
		return string(**f)
	case *config.Secret:
		return f.Reveal()
	case **config.Secret:
		if *f == nil {
			return nil
		}
		return (*f).Reveal()
	case *time.Time:
		return *f
	case **time.Time:
		return orNil(*f)
	}
	panic(fmt.Sprintf("column %s has a field of type %T", c.Name, field))
}

func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}
