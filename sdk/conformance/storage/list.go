package storage

import (
	"context"
	"slices"
	"time"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func listCases() []Case {
	cases := []Case{
		{
			Name: "list-in-order", Run: listOrder,
			Promise: "A list has the objects in lexical order of their paths, with their sizes.",
		},
		{
			Name: "list-prefixes", Run: listPrefixes,
			Promise: "A list has the objects whose paths begin with the prefix, which need not be a directory.",
		},
		{
			Name: "list-shows-changes", Run: listChanges,
			Promise: "A list has an object from the moment it is stored to the moment it is deleted.",
		},
		{
			Name: "list-of-unfinished-things", Run: listUnfinished,
			Promise: "Uploads that are not committed are in no list.",
		},
		{
			Name: "list-times", Run: listTimes,
			Promise: "A list says when an object was stored, or nothing of it.",
		},
		{
			Name: "list-many", Run: listMany, Long: true,
			Promise: "A list of 10,000 objects has each of them once and in order.",
		},
		{
			Name: "list-given-up-in-the-middle", Run: listGivenUp, Long: true,
			Promise: "A list of many objects may be given up after the first of them.",
		},
	}
	for i := range cases {
		cases[i].Capability = api.CapabilityList
	}
	return cases
}

// lists notes a problem unless exactly these paths begin with a prefix.
func (c *check) lists(prefix string, want []string) {
	objects, err := c.list(prefix)
	c.Must("list "+prefix, err)
	var got []string
	for _, o := range objects {
		got = append(got, o.GetPath())
	}
	if slices.Equal(got, want) {
		return
	}
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	next := func(paths []string) []string { return paths[at:min(at+10, len(paths))] }
	c.Errorf("below %q are %d objects, not %d; from number %d on they are %q, not %q", prefix, len(got), len(want), at, next(got), next(want))
}

func listOrder(c *check) {
	// In a tree of files the order of paths is not that in which one walks it.
	names := []string{"a-b", "a.b", "a/b", "a/b.c", "a/c/d", "a/e/f", "a/e.f", "a0", "B", "b/x/y", "z", "ä", "a b"}
	sizes := map[string]int64{}
	var want []string
	for i, name := range names {
		path := c.path(name)
		c.put(path, content(1, i))
		sizes[path] = int64(i)
		want = append(want, path)
	}
	slices.Sort(want)
	c.lists(c.prefix, want)
	objects, err := c.list(c.prefix)
	c.Must("list", err)
	for _, o := range objects {
		if o.GetSize() != sizes[o.GetPath()] {
			c.Errorf("%s has the size %d, not %d", o.GetPath(), o.GetSize(), sizes[o.GetPath()])
		}
	}
}

func listPrefixes(c *check) {
	var all []string
	for _, name := range []string{"ab/1", "ab/2", "abc", "b/ab/1"} {
		path := c.path(name)
		c.put(path, nil)
		all = append(all, path)
	}
	c.lists(c.prefix, all)
	c.lists(c.prefix[:len(c.prefix)-1], all)
	c.lists(c.prefix+"a", all[:3])
	c.lists(c.prefix+"ab", all[:3])
	c.lists(c.prefix+"ab/", all[:2])
	c.lists(c.prefix+"ab/2", all[1:2])
	c.lists(c.prefix+"abc", all[2:3])
	c.lists(c.prefix+"abc/", nil)
	c.lists(c.prefix+"b/a", all[3:])
	c.lists(c.prefix+"nothing", nil)
	c.lists(c.prefix+"nothing/at/all", nil)
	for _, bad := range []string{"/", "../", "a//", "./", "a/../", "nul\x00"} {
		_, err := c.list(bad)
		c.Want("list below "+bad, err, errs.Invalid)
	}
}

func listChanges(c *check) {
	x, y := c.path("x"), c.path("y")
	for range 3 {
		c.lists(c.prefix, nil)
		c.put(y, nil)
		c.lists(c.prefix, []string{y})
		c.put(x, nil)
		c.lists(c.prefix, []string{x, y})
		c.Must("delete", c.remove(y))
		c.lists(c.prefix, []string{x})
		c.Must("delete", c.remove(x))
	}
}

func listUnfinished(c *check) {
	if !c.Has(api.CapabilityUploads) {
		c.lists(c.prefix, nil)
		return
	}
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 1000))
	c.lists(c.prefix, nil)
	objects, err := c.list("")
	c.Must("list everything", err)
	for _, o := range objects {
		if o.GetSize() == 1000 && slices.Contains([]string{id, "uploads/" + id}, o.GetPath()) {
			c.Errorf("the upload is in the list, as %s", o.GetPath())
		}
	}
	c.Must("commit", c.commit(id, path, 1000, state))
	c.lists(c.prefix, []string{path})
}

func listTimes(c *check) {
	c.put(c.path("x"), nil)
	objects, err := c.list(c.prefix)
	c.Must("list", err)
	if len(objects) != 1 {
		c.Fatalf("the list has %d objects, not 1", len(objects))
	}
	// Clocks differ, but not by a day.
	const day = 24 * time.Hour
	if ms := objects[0].GetModifiedMs(); ms != 0 && time.Since(time.UnixMilli(ms)).Abs() > day {
		c.Errorf("the object was stored at %v", time.UnixMilli(ms))
	}
}

// manyObjects need more than one message, and more than one page of a cloud's API.
const manyObjects = 10000

func listMany(c *check) {
	want := c.putMany("%02[2]d/%05[1]d", manyObjects)
	slices.Sort(want)
	c.lists(c.prefix, want)
	third := slices.DeleteFunc(slices.Clone(want), func(path string) bool { return path[len(c.prefix):len(c.prefix)+2] != "03" })
	c.lists(c.prefix+"03", third)
}

func listGivenUp(c *check) {
	want := c.putMany("%[1]d", 2500)
	for range 5 {
		ctx, cancel := context.WithCancel(c.Ctx)
		stream, err := c.storage.List(ctx, &storagev1.ListRequest{Instance: instance, Prefix: c.prefix})
		c.Must("list", err)
		_, err = stream.Recv()
		c.Must("take the first objects", err)
		cancel()
		c.soon("end a list that was given up", func() {
			for err == nil {
				_, err = stream.Recv()
			}
		})
	}
	slices.Sort(want)
	c.lists(c.prefix, want)
}
