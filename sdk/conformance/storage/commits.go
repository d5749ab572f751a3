package storage

import (
	"fmt"
	"sync/atomic"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	api "github.com/quay/quay/sdk/storage"
)

func commitCases() []Case {
	cases := []Case{
		{
			Name: "upload-commit-is-idempotent", Run: commitTwice,
			Promise: "A commit that succeeded succeeds again; with another size or path there is no such upload.",
		},
		{
			Name: "upload-commit-checks-the-size", Run: commitSize,
			Promise: "A commit of more bytes than there are is a conflict, shows nothing, and the upload can go on.",
		},
		{
			Name: "upload-commit-cuts", Run: commitCuts,
			Promise: "Bytes beyond the size that is committed are not part of the object.",
		},
		{
			Name: "upload-commit-replaces", Run: commitReplaces,
			Promise: "A commit replaces what is at the path.",
		},
		{
			Name: "upload-commits-of-one-layer-at-once", Run: commitsAtOnce,
			Promise: "Many uploads of the same bytes may be committed to one path at once.",
		},
		{
			Name: "upload-commit-repeated-at-once", Run: commitRepeatedAtOnce,
			Promise: "When one upload is committed several times at once the object is whole, and the commit can be repeated.",
		},
		{
			Name: "upload-commit-after-one-that-failed", Run: commitAfterFailure,
			Promise: "A commit that failed half way can be repeated; what is written to the upload in between is not in the object.",
		},
		{
			Name: "upload-after-its-commit", Run: uploadAfterCommit,
			Promise: "An object does not change when its upload's id is used anew.",
		},
	}
	for i := range cases {
		cases[i].Capability = api.CapabilityUploads
	}
	return cases
}

func commitTwice(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 1000)
	state := c.append(id, 0, c.begin(id), data)
	for range 3 {
		c.Must("commit", c.commit(id, path, 1000, state))
		c.holds(path, data)
	}
	c.Want("commit again with another size", c.commit(id, path, 999, state), errs.NotFound)
	c.Want("commit again to another path", c.commit(id, c.path("y"), 1000, state), errs.NotFound)
	c.isAbsent(c.prefix + "y")
	c.holds(path, data)
}

func commitSize(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 100))
	c.Want("commit more than there is", c.commit(id, path, 101, state), errs.Conflict)
	c.isAbsent(path)
	state = c.append(id, 100, state, content(2, 50))
	c.Must("commit", c.commit(id, path, 150, state))
	c.holds(path, append(content(1, 100), content(2, 50)...))
}

func commitCuts(c *check) {
	data := content(1, 300000)
	for i, size := range []int{1, 100000, len(data) - 1} {
		id, path := c.upload(), c.path(fmt.Sprintf("%d", i))
		state := c.append(id, 0, c.begin(id), data[:size])
		// An append of whose success the host does not hear.
		_, err := c.tryAppend(id, int64(size), state, data[size:])
		c.Must("append", err)
		c.Must("commit", c.commit(id, path, int64(size), state))
		c.holds(path, data[:size])
	}
}

func commitReplaces(c *check) {
	path := c.path("x")
	for i, n := range []int{100, 1000, 10} {
		id := c.upload()
		data := content(byte(i), n)
		state := c.append(id, 0, c.begin(id), data)
		c.Must("commit", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	}
}

func commitsAtOnce(c *check) {
	path := c.path("new/dir/x")
	data := content(1, 100000)
	c.Together(8, func(int) {
		id := c.upload()
		state := c.append(id, 0, c.begin(id), data)
		c.Must("commit", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	})
}

func commitRepeatedAtOnce(c *check) {
	data := content(1, 100000)
	for i := range 10 {
		id, path := c.upload(), c.path(fmt.Sprintf("%d/x", i))
		state := c.append(id, 0, c.begin(id), data)
		var done atomic.Int64
		c.Together(4, func(int) {
			err := c.commit(id, path, int64(len(data)), state)
			if err == nil {
				done.Add(1)
				c.holds(path, data)
				return
			}
			// One that comes between the others may be told to try again.
			c.Want("commit at once with another", err, errs.Conflict, errs.NotFound, errs.Unavailable)
		})
		if done.Load() == 0 {
			c.Errorf("of four commits at once none succeeded")
		}
		c.Must("commit again", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	}
}

// commitAfterFailure puts an object where the directory of another should be, which
// some stores cannot have: their commit fails after it has begun. Others commit.
func commitAfterFailure(c *check) {
	obstacle := c.path("a")
	c.put(obstacle, nil)
	id, path := c.upload(), c.path("a/x")
	data := content(1, 1000)
	state := c.append(id, 0, c.begin(id), data)
	if err := c.commit(id, path, 1000, state); err != nil {
		c.isAbsent(path)
		if errs.Is(grpcerr.From(err), errs.NotFound) {
			c.Errorf("commit below an object: the upload is lost: %v", err)
		}
	}
	// Bytes of a writer that does not know of it.
	if _, err := c.tryAppend(id, 1000, state, content(2, 500)); err != nil {
		c.Want("append after a commit that failed", err, errs.NotFound, errs.Conflict)
	}
	if c.Has(api.CapabilityLocalUploads) && c.Target.Receive != nil {
		f, err := c.openUpload(id, 1000)
		if err == nil {
			_, err = f.Write(content(2, 500))
			c.Must("write", err)
			c.Must("close", f.Close())
		} else {
			c.Want("open the upload after a commit that failed", err, errs.NotFound, errs.Conflict)
		}
	}
	c.Must("delete the obstacle", c.remove(obstacle))
	c.Must("commit again", c.commit(id, path, 1000, state))
	c.holds(path, data)
}

func uploadAfterCommit(c *check) {
	id, path, second := c.upload(), c.path("x"), c.path("y")
	data, others := content(1, 100000), content(2, 200000)
	state := c.append(id, 0, c.begin(id), data)
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	_, err := c.tryAppend(id, int64(len(data)), state, others)
	c.Want("append to a committed upload", err, errs.NotFound)
	c.holds(path, data)

	if c.Has(api.CapabilityLocalUploads) && c.Target.Receive != nil {
		_, err := c.openUpload(id, int64(len(data)))
		c.Want("open a committed upload", err, errs.NotFound)
		c.writeUpload(id, 0, others)
		c.holds(path, data)
	}
	state = c.append(id, 0, c.begin(id), others)
	c.holds(path, data)
	c.Must("commit what was begun anew", c.commit(id, second, int64(len(others)), state))
	c.holds(path, data)
	c.holds(second, others)
}
