package secscan

import (
	"cmp"
	"context"

	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	sdk "github.com/quay/quay/sdk/secscan"
)

// Receive checks that a request came from the scanner and returns the id of the
// notification that is ready. It fails with errs.Unauthenticated when somebody else
// made the request, and with errs.Invalid when it cannot be understood.
func (s *Scanner) Receive(ctx context.Context, c sdk.Callback) (id string, err error) {
	if err := sdk.CheckCallback(c); err != nil {
		return "", err
	}
	err = s.call(ctx, s.opts.Timeout, sdk.CapabilityNotifications, func(ctx context.Context, client secscanv1.SecscanClient) error {
		resp, err := client.ReceiveCallback(ctx, &secscanv1.ReceiveCallbackRequest{
			Instance: s.instance, Authorization: c.Authorization, Body: c.Body,
		})
		if err != nil {
			return err
		}
		id = resp.GetNotification()
		return wrong(sdk.CheckNotification(id))
	})
	return id, err
}

// Notification returns a page of a notification, the first one for an empty page, or
// fails with errs.NotFound when the notification does not exist any more.
func (s *Scanner) Notification(ctx context.Context, id, page string) (sdk.Page, error) {
	if err := cmp.Or(sdk.CheckNotification(id), sdk.CheckPage(page)); err != nil {
		return sdk.Page{}, err
	}
	var result sdk.Page
	err := s.call(ctx, s.opts.Timeout, sdk.CapabilityNotifications, func(ctx context.Context, client secscanv1.SecscanClient) error {
		stream, err := client.GetNotification(ctx, &secscanv1.GetNotificationRequest{Instance: s.instance, Notification: id, Page: page})
		if err != nil {
			return err
		}
		result = sdk.Page{}
		result.Content, err = collect(s.opts.MaxReportBytes, func() (*secscanv1.GetNotificationResponse, error) {
			resp, err := stream.Recv()
			if result.Next == "" {
				result.Next = resp.GetNext()
			}
			return resp, err
		})
		if err != nil {
			return err
		}
		return wrong(sdk.CheckPage(result.Next))
	})
	if err != nil {
		return sdk.Page{}, err
	}
	return result, nil
}

// DeleteNotification ends a notification. One that does not exist is no error.
func (s *Scanner) DeleteNotification(ctx context.Context, id string) error {
	if err := sdk.CheckNotification(id); err != nil {
		return err
	}
	return s.call(ctx, s.opts.Timeout, sdk.CapabilityNotifications, func(ctx context.Context, client secscanv1.SecscanClient) error {
		_, err := client.DeleteNotification(ctx, &secscanv1.DeleteNotificationRequest{Instance: s.instance, Notification: id})
		return err
	})
}
