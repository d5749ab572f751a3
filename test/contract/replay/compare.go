package replay

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unordered and embedded are the keys of objects that stand for something else in an
// expectation: a list in any order, and a text that is JSON.
const (
	unordered = "{{unordered}}"
	embedded  = "{{json}}"
)

// compare returns one line for each difference, and binds marks on the way. path says
// where in the whole the values are.
func (b Bindings) compare(path string, want, got any) []string {
	switch want := want.(type) {
	case string:
		return b.compareText(path, want, got)
	case []any:
		return b.compareList(path, want, got)
	case map[string]any:
		if items, ok := want[unordered]; ok {
			return b.compareUnordered(path, list(items), got)
		}
		if inner, ok := want[embedded]; ok {
			return b.compareEmbedded(path, inner, got)
		}
		return b.compareObject(path, want, got)
	}
	if !same(want, got) {
		return differ(path, want, got)
	}
	return nil
}

func differ(path string, want, got any) []string {
	return []string{fmt.Sprintf("%s: want %s, got %s", path, short(want), short(got))}
}

// list is a value as a list; what is none is an empty one.
func list(v any) []any {
	items, _ := v.([]any)
	return items
}

func (b Bindings) compareText(path, want string, got any) []string {
	if !mark.MatchString(want) {
		if got != want {
			return differ(path, want, got)
		}
		return nil
	}
	s, isText := got.(string)
	if !isText {
		return b.compareMark(path, want, got)
	}
	ok, err := b.match(want, s)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", path, err)}
	}
	if !ok {
		return differ(path, want, got)
	}
	return nil
}

// compareMark compares a mark with what is no text: "int" accepts numbers, "any" all.
func (b Bindings) compareMark(path, want string, got any) []string {
	m := wholeMark.FindStringSubmatch(want)
	if m == nil || (m[1] != "int" && m[1] != "any") {
		return differ(path, want, got)
	}
	if m[1] == "int" {
		switch got.(type) {
		case int64, float64:
		default:
			return []string{fmt.Sprintf("%s: want a number, got %s", path, short(got))}
		}
	}
	if before, ok := b[m[2]]; ok {
		if !same(before, got) {
			return []string{fmt.Sprintf("%s: want %s again, got %s", path, short(before), short(got))}
		}
		return nil
	}
	b[m[2]] = got
	return nil
}

func (b Bindings) compareList(path string, want []any, got any) []string {
	items, ok := got.([]any)
	if !ok {
		return []string{fmt.Sprintf("%s: want a list, got %s", path, short(got))}
	}
	var lines []string
	if len(want) != len(items) {
		lines = append(lines, fmt.Sprintf("%s: want %d items, got %d", path, len(want), len(items)))
	}
	for i := range min(len(want), len(items)) {
		lines = append(lines, b.compare(fmt.Sprintf("%s[%d]", path, i), want[i], items[i])...)
	}
	return lines
}

func (b Bindings) compareObject(path string, want map[string]any, got any) []string {
	object, ok := got.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: want an object, got %s", path, short(got))}
	}
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if value, ok := object[k]; ok {
			lines = append(lines, b.compare(path+"."+k, want[k], value)...)
		} else {
			lines = append(lines, fmt.Sprintf("%s.%s: missing", path, k))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(object)) {
		if _, ok := want[k]; !ok {
			lines = append(lines, fmt.Sprintf("%s.%s: unexpected (%s)", path, k, short(object[k])))
		}
	}
	return lines
}

func (b Bindings) compareEmbedded(path string, want, got any) []string {
	if s, ok := got.(string); ok {
		if inner, err := decode([]byte(s)); err == nil {
			return b.compare(path+"(json)", want, inner)
		}
	}
	return []string{fmt.Sprintf("%s: want JSON text, got %s", path, short(got))}
}

// compareUnordered takes for each expected item the first that is like it.
func (b Bindings) compareUnordered(path string, want []any, got any) []string {
	items, ok := got.([]any)
	if !ok {
		return []string{fmt.Sprintf("%s: want a list, got %s", path, short(got))}
	}
	var lines []string
	rest := slices.Clone(items)
	for _, w := range want {
		i := slices.IndexFunc(rest, func(g any) bool {
			trial := b.clone()
			if len(trial.compare("$", w, g)) > 0 {
				return false
			}
			maps.Copy(b, trial)
			return true
		})
		if i < 0 {
			lines = append(lines, fmt.Sprintf("%s: no item like %s", path, short(w)))
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) > 0 {
		lines = append(lines, fmt.Sprintf("%s: %d unexpected items, first %s", path, len(rest), short(rest[0])))
	}
	return lines
}

// set is a list in one header, in an order of its own: the server may choose another.
func set(header string) string {
	items := strings.Split(strings.ReplaceAll(header, " ", ""), ",")
	slices.Sort(items)
	return strings.Join(items, ", ")
}
