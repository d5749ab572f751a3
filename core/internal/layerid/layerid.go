// Package layerid makes the ids that /v1 and the legacy image API give to a layer of a
// manifest. They are invented from the manifest's row and the layer's place in it, and
// can be read back (data/registry_model/shared.py): Hashids over two numbers, with the
// digits of hexadecimal as alphabet and at least 64 characters, so that an id looks like
// a digest.
//
// Hashids is a way of writing numbers and no encryption: ids are not secret. Its salt is
// the product's PAGE_TOKEN_KEY as text, of which the first eleven characters count. Ids
// are not proven to keep those; the other 190 bits of the key they do not depend on.
package layerid

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/secret"
)

// Size is the length of an id.
const Size = 64

// What Hashids makes of the alphabet "0123456789abcdef". The letters c and f, which are
// among those that it sets apart, and two of the rest (one for each three and a half
// letters, rounded up) separate the numbers; one of those that remain (one for each
// twelve, rounded up) pads the id.
const (
	symbols    = "0123456789abde"
	apart      = "cf"
	moreApart  = 2
	guardCount = 1
	lotteryMod = 100
)

// IDs makes and reads ids. It may be used by many goroutines.
type IDs struct {
	secret.Opaque
	tables secret.Box[*tables]
}

type tables struct {
	salt       []rune
	alphabet   []rune
	separators []rune
	guard      rune
}

// New prepares ids with a salt.
func New(salt string) IDs {
	t := &tables{salt: []rune(salt)}
	t.separators = shuffle([]rune(apart), t.salt)
	t.separators = append(t.separators, []rune(symbols[:moreApart])...)
	rest := shuffle([]rune(symbols[moreApart:]), t.salt)
	t.guard, t.alphabet = rest[0], rest[guardCount:]
	return IDs{tables: secret.Enclose(t)}
}

// Encode returns the id of a layer: of the row of its manifest and of its place, from 0,
// neither of them negative.
func (i IDs) Encode(manifest, layer int64) string {
	return i.tables.Reveal().encode([2]uint64{uint64(manifest), uint64(layer)})
}

// Decode reads an id. It reports false for what Encode does not make.
func (i IDs) Decode(id string) (manifest, layer int64, ok bool) {
	t := i.tables.Reveal()
	if len(id) != Size {
		return 0, 0, false
	}
	text := []rune(id)
	if first := slices.Index(text, t.guard); first >= 0 {
		text = text[first+1:]
		if end := slices.Index(text, t.guard); end >= 0 {
			text = text[:end]
		}
	}
	if len(text) < 4 { // lottery, number, separator, number
		return 0, 0, false
	}
	alphabet := slices.Clone(t.alphabet)
	var numbers [2]uint64
	lottery, text := text[0], text[1:]
	for n := range numbers {
		end := slices.IndexFunc(text, func(r rune) bool { return slices.Contains(t.separators, r) })
		if n == len(numbers)-1 {
			if end >= 0 {
				return 0, 0, false
			}
			end = len(text)
		} else if end < 0 {
			return 0, 0, false
		}
		alphabet = t.next(alphabet, lottery)
		if numbers[n], ok = number(text[:end], alphabet); !ok {
			return 0, 0, false
		}
		text = text[min(end+1, len(text)):]
	}
	manifest, layer = int64(numbers[0]), int64(numbers[1])
	if manifest < 0 || layer < 0 || t.encode(numbers) != id {
		return 0, 0, false
	}
	return manifest, layer, true
}

func (t *tables) encode(numbers [2]uint64) string {
	var sum uint64
	for n, v := range numbers {
		sum += v % uint64(lotteryMod+n)
	}
	alphabet := slices.Clone(t.alphabet)
	lottery := alphabet[sum%uint64(len(alphabet))]
	out := []rune{lottery}
	for n, v := range numbers {
		alphabet = t.next(alphabet, lottery)
		written := digits(v, alphabet)
		out = append(out, written...)
		if n < len(numbers)-1 {
			choice := v % uint64(written[0]) % uint64(len(t.separators))
			out = append(out, t.separators[choice])
		}
	}
	// There is one guard, so it does not matter which the product would choose.
	if len(out) < Size {
		out = slices.Insert(out, 0, t.guard)
	}
	if len(out) < Size {
		out = append(out, t.guard)
	}
	half := len(alphabet) / 2
	for len(out) < Size {
		alphabet = shuffle(alphabet, alphabet)
		out = slices.Concat(alphabet[half:], out, alphabet[:half])
		if over := len(out) - Size; over > 0 {
			out = out[over/2 : over/2+Size]
		}
	}
	return string(out)
}

// next is the alphabet of the next number.
func (t *tables) next(alphabet []rune, lottery rune) []rune {
	salt := slices.Concat([]rune{lottery}, t.salt, alphabet)
	return shuffle(alphabet, salt[:len(alphabet)])
}

// shuffle returns an order of the letters that a salt determines; without a salt, the
// same.
func shuffle(letters, salt []rune) []rune {
	out := slices.Clone(letters)
	if len(salt) == 0 {
		return out
	}
	var at, sum int
	for last := len(out) - 1; last > 0; last-- {
		at %= len(salt)
		c := int(salt[at])
		sum += c
		other := (c + at + sum) % last
		out[last], out[other] = out[other], out[last]
		at++
	}
	return out
}

func digits(v uint64, alphabet []rune) []rune {
	base := uint64(len(alphabet))
	var out []rune
	for first := true; first || v > 0; first = false {
		out = append(out, alphabet[v%base])
		v /= base
	}
	slices.Reverse(out)
	return out
}

func number(text, alphabet []rune) (uint64, bool) {
	if len(text) == 0 {
		return 0, false
	}
	var v uint64
	for _, r := range text {
		at := strings.IndexRune(string(alphabet), r)
		if at < 0 {
			return 0, false
		}
		high, low := bits.Mul64(v, uint64(len(alphabet)))
		sum, carry := bits.Add64(low, uint64(at), 0)
		if high != 0 || carry != 0 {
			return 0, false
		}
		v = sum
	}
	return v, true
}
