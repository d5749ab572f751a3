package replay

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// objectSizes are the sizes of all files below a folder, by path.
func objectSizes(folder string) (map[string]int64, error) {
	sizes := map[string]int64{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) { // it was removed meanwhile
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		sizes[name] = info.Size()
		return err
	})
	return sizes, err
}

// objectChanges are the objects that came and went, as a recording has them.
func objectChanges(before, after map[string]int64) Changes {
	var c Changes
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[name]; !ok {
			c.Added = append(c.Added, []any{name, after[name]})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[name]; !ok {
			c.Removed = append(c.Removed, name)
		}
	}
	return c
}
