package secscanserver

import (
	"cmp"
	"context"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/internal/instances"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	"github.com/quay/quay/sdk/secscan"
)

func (s *Server) ReceiveCallback(ctx context.Context, req *secscanv1.ReceiveCallbackRequest) (*secscanv1.ReceiveCallbackResponse, error) {
	callback := secscan.Callback{Authorization: req.GetAuthorization(), Body: req.GetBody()}
	if err := secscan.CheckCallback(callback); err != nil {
		return nil, err
	}
	ctx, in, notifier, err := instances.As[secscan.Notifier](ctx, s.Set, req.GetInstance(), secscan.CapabilityNotifications)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	id, err := notifier.Receive(ctx, callback)
	if err == nil {
		// The id is what the caller wrote, who has just been checked.
		err = secscan.CheckNotification(id)
	}
	if err != nil {
		return nil, err
	}
	return &secscanv1.ReceiveCallbackResponse{Notification: id}, nil
}

func (s *Server) GetNotification(req *secscanv1.GetNotificationRequest, stream grpc.ServerStreamingServer[secscanv1.GetNotificationResponse]) error {
	if err := cmp.Or(secscan.CheckNotification(req.GetNotification()), secscan.CheckPage(req.GetPage())); err != nil {
		return err
	}
	ctx, in, notifier, err := instances.As[secscan.Notifier](stream.Context(), s.Set, req.GetInstance(), secscan.CapabilityNotifications)
	if err != nil {
		return err
	}
	defer in.Release()
	page, err := notifier.Notification(ctx, req.GetNotification(), req.GetPage())
	if err == nil {
		err = instances.Fault(secscan.CheckPage(page.Next))
	}
	if err != nil {
		return err
	}
	return send(page.Content, func(data []byte, first bool) error {
		resp := &secscanv1.GetNotificationResponse{Data: data}
		if first {
			resp.Next = page.Next
		}
		return stream.Send(resp)
	})
}

func (s *Server) DeleteNotification(ctx context.Context, req *secscanv1.DeleteNotificationRequest) (*secscanv1.DeleteNotificationResponse, error) {
	if err := secscan.CheckNotification(req.GetNotification()); err != nil {
		return nil, err
	}
	ctx, in, notifier, err := instances.As[secscan.Notifier](ctx, s.Set, req.GetInstance(), secscan.CapabilityNotifications)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	if err := notifier.DeleteNotification(ctx, req.GetNotification()); err != nil {
		return nil, err
	}
	return &secscanv1.DeleteNotificationResponse{}, nil
}
