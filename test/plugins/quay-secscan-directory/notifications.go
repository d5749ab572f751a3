package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/secscan"
)

// A notification is a directory of its own with the pages 1.json, 2.json and so on.

// Receive implements secscan.Notifier.
func (s *scanner) Receive(_ context.Context, c secscan.Callback) (string, error) {
	want := s.Token.Reveal()
	if want != "" && subtle.ConstantTimeCompare([]byte(c.Authorization), []byte("Bearer "+want)) != 1 {
		return "", errs.New(errs.Unauthenticated, "The callback does not have the scanner's token.")
	}
	var body struct {
		Notification string `json:"notification_id"`
	}
	if err := json.Unmarshal(c.Body, &body); err != nil || body.Notification == "" {
		return "", errs.New(errs.Invalid, "The callback has no notification_id.")
	}
	return body.Notification, nil
}

// pages is the directory of a notification, whose id is no path.
func pages(id string) (string, error) {
	if id != filepath.Base(id) || id == "." || id == ".." {
		return "", errs.New(errs.NotFound, "There is no such notification.")
	}
	return filepath.Join(notifications, id), nil
}

// Notification implements secscan.Notifier.
func (s *scanner) Notification(_ context.Context, id, page string) (secscan.Page, error) {
	dir, err := pages(id)
	if err != nil {
		return secscan.Page{}, err
	}
	number := 1
	if page != "" {
		if number, err = strconv.Atoi(page); err != nil {
			return secscan.Page{}, errs.New(errs.Invalid, "There is no page %q.", page)
		}
	}
	content, err := s.read(filepath.Join(dir, strconv.Itoa(number)+".json"), "There is no such notification.")
	if err != nil {
		return secscan.Page{}, err
	}
	next := strconv.Itoa(number + 1)
	if _, err := s.root.Stat(filepath.Join(dir, next+".json")); errors.Is(err, fs.ErrNotExist) {
		next = ""
	}
	return secscan.Page{Content: content, Next: next}, nil
}

// DeleteNotification implements secscan.Notifier.
func (s *scanner) DeleteNotification(_ context.Context, id string) error {
	dir, err := pages(id)
	if err != nil {
		return nil //nolint:nilerr // What does not exist has ended.
	}
	return remove(s.root.RemoveAll(dir))
}
