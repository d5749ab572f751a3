package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/notify"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

func deliverCases() []Case {
	return []Case{
		{Name: "deliver", Run: deliver},
		{Name: "deliver-every-level", Run: deliverLevels},
		{Name: "deliver-again", Run: deliverAgain},
		{Name: "deliver-the-largest", Run: deliverLargest},
		{Name: "deliver-about-a-namespace", Run: deliverNamespace},
		{Name: "deliver-hostile-texts", Run: deliverHostile},
		{Name: "deliver-with-wrong-types", Run: deliverTypes},
		{Name: "deliver-many-at-once", Run: deliverMany},
		{Name: "deliver-to-nobody", Run: deliverUnreachable},
		{Name: "deliver-what-is-no-event", Run: deliverInvalid},
		{Name: "a-delivery-that-is-given-up-ends", Run: deliverGivenUp},
	}
}

// event returns a delivery with a new id.
func (c *check) event() *notifyv1.DeliverRequest {
	return &notifyv1.DeliverRequest{
		Instance:     runner.Instance,
		Notification: "3c1f2a58-5f7e-4d6b-9c3a-2f0f8a1b7c9d",
		Delivery:     "conformance-" + rand.Text(),
		Attempt:      1,
		Event:        "repo_push",
		Namespace:    "conformance",
		Repository:   "repository",
		Level:        notifyv1.Level_LEVEL_PRIMARY,
		Summary:      "Repository conformance/repository updated",
		Message:      `<a href="https://quay.example/repository/conformance/repository">conformance/repository</a> updated`,
		Data:         []byte(`{"repository":"conformance/repository","name":"repository","namespace":"conformance","homepage":"https://quay.example/repository/conformance/repository","docker_url":"quay.example/conformance/repository","updated_tags":["latest"]}`),
		Config:       c.known.Good,
	}
}

// delivered notes a problem unless an event arrives.
func (c *check) delivered(req *notifyv1.DeliverRequest) {
	resp, err := c.notify.Deliver(c.Ctx, req)
	c.Must("deliver", err)
	if resp.GetOutcome() != notifyv1.Outcome_OUTCOME_DELIVERED {
		c.Errorf("it was not delivered: %v: %s", resp.GetOutcome(), resp.GetReason())
		return
	}
	c.received(req.GetDelivery(), 1)
}

// received notes a problem unless the receiver knows of a delivery, where that can
// be known.
func (c *check) received(id string, least int) {
	if c.known.Received == nil {
		return
	}
	ids, err := c.known.Received(c.Ctx)
	c.Must("ask the receiver", err)
	n := 0
	for _, got := range ids {
		if got == id {
			n++
		}
	}
	if n < least {
		c.Errorf("the receiver was told of the delivery %s %d times, at least %d were due", id, n, least)
	}
}

func deliver(c *check) {
	c.needGood()
	c.delivered(c.event())
}

func deliverLevels(c *check) {
	c.needGood()
	// 99 is one of a host that is newer than the plugin.
	for _, level := range []notifyv1.Level{
		notifyv1.Level_LEVEL_UNSPECIFIED, notifyv1.Level_LEVEL_INFO, notifyv1.Level_LEVEL_PRIMARY,
		notifyv1.Level_LEVEL_SUCCESS, notifyv1.Level_LEVEL_WARNING, notifyv1.Level_LEVEL_ERROR, 99,
	} {
		req := c.event()
		req.Level = level
		c.delivered(req)
	}
}

// deliverAgain makes two attempts of one delivery, as after a crash.
func deliverAgain(c *check) {
	c.needGood()
	req := c.event()
	c.delivered(req)
	req.Attempt = 2
	c.delivered(req)
}

func deliverLargest(c *check) {
	c.needGood()
	req := c.event()
	req.Summary = strings.Repeat("s", api.MaxSummaryBytes)
	req.Message = strings.Repeat("m", api.MaxMessageBytes)
	const frame = `{"homepage":"https://quay.example/","x":""}`
	req.Data = fmt.Appendf(nil, `{"homepage":"https://quay.example/","x":"%s"}`, strings.Repeat("x", api.MaxDataBytes-len(frame)))
	for range api.MaxEmails {
		req.OwnerEmails = append(req.OwnerEmails, "somebody@quay.example")
	}
	resp, err := c.notify.Deliver(c.Ctx, req)
	c.Must("deliver the largest event", err)
	switch resp.GetOutcome() {
	case notifyv1.Outcome_OUTCOME_DELIVERED, notifyv1.Outcome_OUTCOME_REJECTED: // A receiver may have lower limits.
	default:
		c.Errorf("the outcome is %v: %s", resp.GetOutcome(), resp.GetReason())
	}
}

func deliverNamespace(c *check) {
	c.needGood()
	req := c.event()
	req.Event, req.Repository = "quota_warning", ""
	req.Data = []byte(`{"namespace":"conformance","homepage":"https://quay.example/organization/conformance"}`)
	req.OwnerEmails = []string{"owner@quay.example"}
	c.delivered(req)
}

// deliverHostile: names and descriptions come from users.
func deliverHostile(c *check) {
	c.needGood()
	for _, text := range []string{
		`<script>alert(1)</script>`, `"; DROP TABLE x; --`, `{{7*7}}${7*7}%s%n`, "\u202Egnp.exe", "é漢字\U0001F600", `\u0000\n`, `<!channel> <@U1> @here`,
	} {
		req := c.event()
		req.Summary = "Repository " + text + " updated"
		req.Message = "updated: " + text
		c.delivered(req)
	}
}

func deliverTypes(c *check) {
	c.needGood()
	configs := c.wrong()
	for _, what := range slices.Sorted(maps.Keys(configs)) {
		req := c.event()
		req.Config = []byte(configs[what])
		resp, err := c.notify.Deliver(c.Ctx, req)
		c.Must("deliver by "+what, err)
		c.answer(resp)
	}
}

// answer notes a problem unless an answer is as the API says.
func (c *check) answer(resp *notifyv1.DeliverResponse) {
	switch resp.GetOutcome() {
	case notifyv1.Outcome_OUTCOME_DELIVERED:
	case notifyv1.Outcome_OUTCOME_LATER, notifyv1.Outcome_OUTCOME_REJECTED:
		if resp.GetReason() == "" {
			c.Errorf("the outcome is %v without a reason", resp.GetOutcome())
		}
	default:
		c.Errorf("the outcome is %v", resp.GetOutcome())
	}
	if len(resp.GetReason()) > api.MaxReasonBytes {
		c.Errorf("the reason has %d bytes", len(resp.GetReason()))
	}
	if wait := resp.GetRetryAfterMs(); wait < 0 || wait > api.MaxWait.Milliseconds() {
		c.Errorf("the next attempt is due in %d ms", wait)
	}
}

func deliverMany(c *check) {
	c.needGood()
	c.Together(16, func(int) { c.delivered(c.event()) })
}

func deliverUnreachable(c *check) {
	if c.known.Unreachable == nil {
		c.Skip("no receiver is known that cannot be reached")
	}
	req := c.event()
	req.Config = c.known.Unreachable
	resp, err := c.notify.Deliver(c.Ctx, req)
	c.Must("deliver to nobody", err)
	if resp.GetOutcome() == notifyv1.Outcome_OUTCOME_DELIVERED {
		c.Errorf("an event was delivered to nobody")
	}
	c.answer(resp)
	c.keeps("the reason", resp.GetReason())
}

// keeps notes a problem when a text that people see has something of the configuration
// that may be as good as a password: a secret of the instance, or the address of a
// receiver, of which the host may be told.
func (c *check) keeps(what, text string) {
	for name, secret := range c.Secrets {
		if secret != "" && strings.Contains(text, secret) {
			c.Errorf("%s has the secret %s in it", what, name)
		}
	}
	for _, config := range []json.RawMessage{c.known.Good, c.known.Unreachable} {
		var members map[string]any
		if json.Unmarshal(config, &members) != nil {
			continue
		}
		for name, value := range members {
			address, _ := value.(string)
			if u, err := url.Parse(address); err == nil && u.Host != "" && len(u.Path) > 1 && strings.Contains(text, u.Path) {
				c.Errorf("%s has the member %s of the notification's configuration in it", what, name)
			}
		}
	}
}

func deliverInvalid(c *check) {
	tests := []struct {
		what   string
		change func(*notifyv1.DeliverRequest)
	}{
		{"no id", func(r *notifyv1.DeliverRequest) { r.Delivery = "" }},
		{"no notification", func(r *notifyv1.DeliverRequest) { r.Notification = "" }},
		{"no event", func(r *notifyv1.DeliverRequest) { r.Event = "" }},
		{"no namespace", func(r *notifyv1.DeliverRequest) { r.Namespace = "" }},
		{"no attempt", func(r *notifyv1.DeliverRequest) { r.Attempt = 0 }},
		{"no data", func(r *notifyv1.DeliverRequest) { r.Data = nil }},
		{"data that are no object", func(r *notifyv1.DeliverRequest) { r.Data = []byte(`[]`) }},
		{"a configuration that is no object", func(r *notifyv1.DeliverRequest) { r.Config = []byte(`null`) }},
		{"a summary of two lines", func(r *notifyv1.DeliverRequest) { r.Summary = "a\r\nBcc: everybody@quay.example" }},
		{"an address of two lines", func(r *notifyv1.DeliverRequest) { r.OwnerEmails = []string{"a@b\r\nBcc: c@d"} }},
		{"a message that is too long", func(r *notifyv1.DeliverRequest) { r.Message = strings.Repeat("x", api.MaxMessageBytes+1) }},
	}
	for _, test := range tests {
		req := c.event()
		if req.Config == nil {
			req.Config = []byte(`{}`)
		}
		test.change(req)
		_, err := c.notify.Deliver(c.Ctx, req)
		c.Want("deliver with "+test.what, err, errs.Invalid)
	}
}

// deliverGivenUp: nobody knows what came of it, so it is not said to be delivered
// unless it was.
func deliverGivenUp(c *check) {
	c.needGood()
	ctx, cancel := context.WithTimeout(c.Ctx, time.Microsecond)
	defer cancel()
	req := c.event()
	begin := time.Now()
	if _, err := c.notify.Deliver(ctx, req); err == nil {
		c.received(req.GetDelivery(), 1)
	} else {
		c.Want("give a delivery up", err, errs.Timeout, errs.Canceled)
	}
	if took := time.Since(begin); took > 5*time.Second {
		c.Errorf("it ended after %v", took)
	}
}
