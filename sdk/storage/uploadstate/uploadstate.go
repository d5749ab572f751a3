// Package uploadstate has the states of uploads (storage.State) as the Python drivers
// of Quay write them, for drivers that take over their locations: an upload that was
// begun by one is continued by the other. Quay keeps them in blobupload.storage_metadata.
// The local driver's state is an empty object and has no type here.
package uploadstate

import (
	"encoding/json"
	"fmt"
)

// Part is an object that has a part of an upload. In JSON it is a list of path, offset
// and length.
type Part struct {
	// Path is below the location's root.
	Path string
	// Offset in the upload, and Length, in bytes.
	Offset, Length int64
}

// MarshalJSON implements json.Marshaler.
func (p Part) MarshalJSON() ([]byte, error) { return json.Marshal([]any{p.Path, p.Offset, p.Length}) }

// UnmarshalJSON implements json.Unmarshaler.
func (p *Part) UnmarshalJSON(b []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	if len(list) != 3 {
		return fmt.Errorf("a part of an upload is a list of path, offset and length")
	}
	var got Part
	for i, into := range []any{&got.Path, &got.Offset, &got.Length} {
		if err := json.Unmarshal(list[i], into); err != nil {
			return err
		}
	}
	if got.Path == "" || got.Offset < 0 || got.Length < 0 {
		return fmt.Errorf("a part of an upload has a path, and no negative numbers")
	}
	*p = got
	return nil
}

// S3 is the state of the drivers that speak S3, those for Google's and Ceph's stores and
// the CDNs in front of them included (storage/cloud.py): each request's bytes are an
// object of their own until the upload is whole.
type S3 struct {
	Chunks []Part
}

// MarshalJSON implements json.Marshaler. A list without elements is written as such:
// Python appends to it.
func (s S3) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"chunks": list(s.Chunks)})
}

// UnmarshalJSON implements json.Unmarshaler. The list must be there.
func (s *S3) UnmarshalJSON(b []byte) error {
	var in struct {
		Chunks *[]Part `json:"chunks"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	if in.Chunks == nil {
		return missing("chunks")
	}
	s.Chunks = *in.Chunks
	return nil
}

// Swift is the state of the driver for OpenStack's object store (storage/swift.py).
type Swift struct {
	// Segments are the objects that become one large object.
	Segments []Part
	// Empty are objects that nothing was written to. Unless a segment has the same path
	// later, they are deleted in the end.
	Empty []Part
}

// MarshalJSON implements json.Marshaler, as that of S3.
func (s Swift) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"segments": list(s.Segments), "emptysegments": list(s.Empty)})
}

// UnmarshalJSON implements json.Unmarshaler. The lists must be there.
func (s *Swift) UnmarshalJSON(b []byte) error {
	var in struct {
		Segments *[]Part `json:"segments"`
		Empty    *[]Part `json:"emptysegments"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	if in.Segments == nil || in.Empty == nil {
		return missing("segments or emptysegments")
	}
	s.Segments, s.Empty = *in.Segments, *in.Empty
	return nil
}

// Azure is the state of the driver for Azure's blobs (storage/azurestorage.py).
type Azure struct {
	// Blocks are the ids of the blocks so far, which are not committed yet: their
	// numbers from 00000, with five digits at least (BlockID).
	Blocks []string
	// ContentType of the blob; nil is none.
	ContentType *string
}

// BlockID returns the id of the block with a number from 0.
func BlockID(number int) string { return fmt.Sprintf("%05d", number) }

// MarshalJSON implements json.Marshaler, as that of S3.
func (a Azure) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"blocks": list(a.Blocks), "content-type": a.ContentType})
}

// UnmarshalJSON implements json.Unmarshaler. The list must be there.
func (a *Azure) UnmarshalJSON(b []byte) error {
	var in struct {
		Blocks      *[]string `json:"blocks"`
		ContentType *string   `json:"content-type"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	if in.Blocks == nil {
		return missing("blocks")
	}
	a.Blocks, a.ContentType = *in.Blocks, in.ContentType
	return nil
}

func missing(what string) error { return fmt.Errorf("the state of an upload has no %s", what) }

func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}
