package secscan

import (
	"encoding/json"
	"strings"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	api "github.com/quay/quay/sdk/secscan"
)

func notificationCases() []Case {
	return []Case{
		{Name: "callbacks-of-others", Capability: api.CapabilityNotifications, Run: badCallbacks},
		{Name: "unknown-notification", Capability: api.CapabilityNotifications, Run: unknownNotification},
		{Name: "notification", Capability: api.CapabilityNotifications, Run: notification},
	}
}

func badCallbacks(c *check) {
	for _, body := range []string{"", "{", "[]", "null", `{}`, `{"notification_id":7}`, `{"notification_id":""}`, strings.Repeat("x", api.MaxBodyBytes+1)} {
		for _, authorization := range []string{"", "Bearer x", "Basic eDp5", c.known.Callback.Authorization} {
			_, err := c.receive(authorization, body)
			c.Want("receive a bad callback", err, errs.Invalid, errs.Unauthenticated)
		}
	}
	if c.known.Callback.Authorization != "" {
		for _, authorization := range []string{"", "Bearer x", c.known.Callback.Authorization + "x"} {
			_, err := c.receive(authorization, string(c.known.Callback.Body))
			c.Want("receive a callback of somebody else", err, errs.Unauthenticated)
		}
	}
}

func unknownNotification(c *check) {
	const id = "2f6ae5f3-0000-4000-8000-000000000000"
	_, _, err := c.page(id, "")
	c.Want("read an unknown notification", err, errs.NotFound)
	c.Must("end an unknown notification", c.end(id))
	for _, id := range []string{"", strings.Repeat("x", api.MaxIDBytes+1), "a\nb"} {
		_, _, err := c.page(id, "")
		c.Want("read a notification with a bad id", err, errs.Invalid)
		c.Want("end a notification with a bad id", c.end(id), errs.Invalid)
	}
}

func notification(c *check) {
	if len(c.known.Callback.Body) == 0 {
		c.Skip("no callback is known")
	}
	var id string
	for range 2 {
		var err error
		id, err = c.receive(c.known.Callback.Authorization, string(c.known.Callback.Body))
		c.Must("receive a callback", err)
	}
	seen := map[string]bool{}
	for page := ""; ; {
		content, next, err := c.page(id, page)
		c.Must("read a page", err)
		var object struct {
			Notifications []json.RawMessage `json:"notifications"`
		}
		c.Must("read the content of a page", json.Unmarshal(content, &object))
		if next == "" {
			break
		}
		if seen[next] {
			c.Fatalf("the page %q follows twice", next)
		}
		seen[next], page = true, next
	}
	for range 2 {
		c.Must("end the notification", c.end(id))
	}
	_, _, err := c.page(id, "")
	c.Want("read a notification that has ended", err, errs.NotFound)
}

func (c *check) receive(authorization, body string) (string, error) {
	resp, err := c.secscan.ReceiveCallback(c.Ctx, &secscanv1.ReceiveCallbackRequest{
		Instance: runner.Instance, Authorization: authorization, Body: []byte(body),
	})
	return resp.GetNotification(), err
}

func (c *check) page(id, page string) (content []byte, next string, err error) {
	stream, err := c.secscan.GetNotification(c.Ctx, &secscanv1.GetNotificationRequest{Instance: runner.Instance, Notification: id, Page: page})
	if err != nil {
		return nil, "", err
	}
	content, err = collect(func() (*secscanv1.GetNotificationResponse, error) {
		resp, err := stream.Recv()
		if resp.GetNext() != "" {
			next = resp.GetNext()
		}
		return resp, err
	})
	return content, next, err
}

func (c *check) end(id string) error {
	_, err := c.secscan.DeleteNotification(c.Ctx, &secscanv1.DeleteNotificationRequest{Instance: runner.Instance, Notification: id})
	return err
}
