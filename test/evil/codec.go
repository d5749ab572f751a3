package main

import (
	"fmt"

	"google.golang.org/protobuf/proto"
)

// frame is a message that nobody has decoded.
type frame struct{ data []byte }

// codec leaves frames alone, and encodes the messages of go-plugin's own services.
type codec struct{}

func (codec) Name() string { return "proto" }

func (codec) Marshal(v any) ([]byte, error) {
	switch m := v.(type) {
	case *frame:
		return m.data, nil
	case proto.Message:
		return proto.Marshal(m)
	}
	return nil, fmt.Errorf("a message of type %T", v)
}

func (codec) Unmarshal(data []byte, v any) error {
	switch m := v.(type) {
	case *frame:
		m.data = data
		return nil
	case proto.Message:
		return proto.Unmarshal(data, m)
	}
	return fmt.Errorf("a message of type %T", v)
}
