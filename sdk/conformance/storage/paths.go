package storage

import (
	"fmt"
	"strings"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func pathCases() []Case {
	return []Case{
		{
			Name: "good-paths", Run: goodPaths,
			Promise: "A path may have any characters but NUL; paths that differ name different objects.",
		},
		{
			Name: "long-paths", Run: longPaths,
			Promise: "Paths of 900 bytes work, however deep; longer ones, and elements beyond 200 bytes, work or are refused as invalid.",
		},
		{
			Name: "bad-paths", Run: badPaths,
			Promise: "Paths that are no good paths are refused as invalid by every method.",
		},
	}
}

func goodPaths(c *check) {
	names := []string{
		"a b", " a", "a ", "ä/日本", "a\u0308", "\U0001F433", "%41", "A", "%", "%2F", "a+b&c=d", "question?#x", ".hidden", "dot.",
		"..a", "a..", "...", "..../x", "back\\slash", "quote'\"", "new\nline", "tab\t", "\x01\x7f", "not\xffutf8", "star*[x]", "$HOME", "~", "-flag",
		"UPPER/lower", "upper/LOWER", "_quay", "a:b", "a|b<c>", "{a}", "@", "a;b", "CON", "nul",
	}
	for i, name := range names {
		if !sendable(name) {
			continue
		}
		c.put(c.path(name), content(byte(i), 10+i))
	}
	for i, name := range names {
		if !sendable(name) {
			continue
		}
		c.holds(c.prefix+name, content(byte(i), 10+i))
	}
	if c.Has(api.CapabilityList) {
		objects, err := c.list(c.prefix)
		c.Must("list", err)
		found := map[string]bool{}
		for _, o := range objects {
			found[o.GetPath()] = true
		}
		for _, name := range names {
			if sendable(name) && !found[c.prefix+name] {
				c.Errorf("%q is not in the list", name)
			}
		}
	}
}

// sendable reports whether a name can cross the wire: texts there are UTF-8.
func sendable(name string) bool { return strings.ToValidUTF8(name, "") == name }

func longPaths(c *check) {
	must := []string{
		strings.Repeat("d/", 100) + strings.Repeat("x", 200),
		strings.Repeat("x", 200),
		ofBytes(900 - len(c.prefix)),
	}
	for i, name := range must {
		path := c.path(name)
		c.put(path, content(byte(i), 100))
		c.holds(path, content(byte(i), 100))
	}
	for _, name := range []string{
		ofBytes(api.MaxPathBytes - len(c.prefix)),
		strings.Repeat("n", 255),
		strings.Repeat("n", 256),
		strings.Repeat("n", api.MaxPathBytes-len(c.prefix)),
	} {
		c.worksOrIsInvalid(c.path(name))
	}
	if c.Has(api.CapabilityUploads) {
		id, path := c.upload(), c.path("upload/"+must[0])
		state := c.append(id, 0, c.begin(id), content(3, 10))
		c.Must("commit to a long path", c.commit(id, path, 10, state))
		c.holds(path, content(3, 10))
	}
}

// ofBytes returns a name of n bytes with elements of 99 at most.
func ofBytes(n int) string {
	return strings.Repeat(strings.Repeat("y", 99)+"/", (n-1)/100) + strings.Repeat("z", (n-1)%100+1)
}

// worksOrIsInvalid stores, reads and deletes an object unless the store says that it
// cannot have the path; then no method may find it.
func (c *check) worksOrIsInvalid(path string) {
	data := content(9, 100)
	err := c.write(path, data, 100)
	if err == nil {
		c.holds(path, data)
		c.Must("delete a long path", c.remove(path))
		c.isAbsent(path)
		return
	}
	what := fmt.Sprintf("a path of %d bytes", len(path))
	c.Want("store "+what, err, errs.Invalid)
	_, err = c.stat(path)
	c.Want("look at "+what, err, errs.Invalid, errs.NotFound)
	_, err = c.read(path, 0)
	c.Want("read "+what, err, errs.Invalid, errs.NotFound)
	if err := c.remove(path); err != nil {
		c.Want("delete "+what, err, errs.Invalid)
	}
	// It cannot be there, so that it must not keep the others from being removed.
	c.forget(path)
}

func badPaths(c *check) {
	bad := []string{
		"", "/", "//", "/x", "x/", "x//y", ".", "..", "./x", "../x", "x/.", "x/..", "x/../y", "x/./y", "nul\x00", "\x00",
		strings.Repeat("x", 1025),
	}
	for _, path := range bad {
		_, err := c.stat(path)
		c.Want(fmt.Sprintf("look at %.20q", path), err, errs.Invalid)
		_, err = c.read(path, 0)
		c.Want(fmt.Sprintf("read %.20q", path), err, errs.Invalid)
		c.Want(fmt.Sprintf("store %.20q", path), c.write(path, []byte("x"), 1), errs.Invalid)
		c.Want(fmt.Sprintf("delete %.20q", path), c.remove(path), errs.Invalid)
		if c.Has(api.CapabilityCopy) {
			c.Want(fmt.Sprintf("copy to %.20q", path), c.copy(c.prefix+"x", path), errs.Invalid)
			c.Want(fmt.Sprintf("copy from %.20q", path), c.copy(path, c.prefix+"x"), errs.Invalid)
		}
		if c.Has(api.CapabilityUploads) {
			c.Want(fmt.Sprintf("commit to %.20q", path), c.commit("x", path, 0, nil), errs.Invalid)
		}
		if c.Has(api.CapabilitySign) {
			_, err := c.storage.SignURL(c.Ctx, &storagev1.SignURLRequest{Instance: instance, Path: path, Method: "GET", ExpiresInSeconds: 60})
			c.Want(fmt.Sprintf("sign %.20q", path), err, errs.Invalid)
		}
		if c.Has(api.CapabilityLocal) {
			_, err := c.storage.OpenDescriptor(c.Ctx, &storagev1.OpenDescriptorRequest{Instance: instance, Path: path})
			c.Want(fmt.Sprintf("open %.20q", path), err, errs.Invalid)
		}
	}
	c.Want("delete a good path and a bad one", c.remove(c.prefix+"x", "../x"), errs.Invalid)
}
