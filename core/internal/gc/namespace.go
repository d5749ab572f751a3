package gc

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// queuesOfNamespaces are the queues whose items are about one namespace and mean
// nothing without it (app.py, all_queues).
var queuesOfNamespaces = []string{"dockerfilebuild", "notification", "repositorygc"}

// NamespaceDeletion is the wish to delete an account or organisation.
type NamespaceDeletion struct {
	Namespace *domain.User
	// Force skips the guard: what a superuser wants is done.
	Force bool
	// Delay is how long the namespace can still be brought back by hand
	// (NAMESPACE_GC_GRACE_PERIOD_SECONDS, for those of the allow-list). What belongs to
	// it goes at once when it is zero.
	Delay time.Duration
	Now   time.Time
}

// DeleteNamespace hides an account or organisation and hands it to whoever purges it:
// its names become free, it cannot log in, and the queue of the namespace collector
// gets an item (data/model/user.py, mark_namespace_for_deletion). It returns the
// marker, the id of a row of deletednamespace; zero when the account is disabled
// already. errs.Conflict when a person is the only administrator of organisations.
func (c *Collector) DeleteNamespace(ctx context.Context, d NamespaceDeletion) (int64, error) {
	if !d.Namespace.Enabled {
		return 0, nil
	}
	if err := c.mayGo(ctx, d); err != nil {
		return 0, err
	}
	if err := c.store.DropQueuedItems(ctx, queuesOfNamespaces, d.Namespace.ID); err != nil {
		return 0, err
	}
	if d.Delay <= 0 {
		if err := c.store.PurgeLinks(ctx, d.Namespace.ID); err != nil {
			return 0, err
		}
	}
	return c.store.MarkNamespace(ctx, domain.NamespaceDeletion{Namespace: d.Namespace.ID, Delay: d.Delay, Now: d.Now})
}

// mayGo guards organisations against being left without an administrator.
func (c *Collector) mayGo(ctx context.Context, d NamespaceDeletion) error {
	if d.Force || d.Namespace.Organization {
		return nil
	}
	names, err := c.store.SolelyAdministered(ctx, d.Namespace.ID)
	if err != nil || len(names) == 0 {
		return err
	}
	slices.Sort(names)
	return errs.New(errs.Conflict, "Cannot delete %s as you are the only admin for organizations: %s", d.Namespace.Name, strings.Join(names, ", "))
}

// PurgeMarkedNamespace purges the namespace that a marker is about. A marker that is
// gone was dealt with.
func (c *Collector) PurgeMarkedNamespace(ctx context.Context, marker int64) error {
	namespace, err := c.store.DeletedNamespace(ctx, marker)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil
	case err != nil:
		return err
	}
	return c.PurgeNamespace(ctx, namespace)
}

// PurgeNamespace takes an account or organisation away, with its repositories and all
// that belongs to it (data/model/user.py, delete_user). It may be called again after it
// failed or was broken off, and when the namespace is gone.
func (c *Collector) PurgeNamespace(ctx context.Context, namespace domain.UserID) error {
	if err := c.store.DisableNamespace(ctx, namespace); err != nil {
		return err
	}
	if err := c.store.DropQueuedItems(ctx, queuesOfNamespaces, namespace); err != nil {
		return err
	}
	if err := c.store.HideRepositories(ctx, namespace); err != nil {
		return err
	}
	if err := exhaust(ctx, namespace, c.purgeRepositories); err != nil {
		return err
	}
	if err := c.store.PurgeLinks(ctx, namespace); err != nil {
		return err
	}
	return c.store.PurgeNamespace(ctx, namespace)
}

func (c *Collector) purgeRepositories(ctx context.Context, namespace domain.UserID) (int, error) {
	repositories, err := c.store.RepositoriesOf(ctx, namespace, bite)
	for _, repo := range repositories {
		if err := c.PurgeRepository(ctx, repo); err != nil {
			return 0, err
		}
	}
	return len(repositories), err
}
