// Package geoip tells where an address on the internet is, as far as entries of the
// action log say it (util/ipresolver): whether it is a computer at Amazon, and in
// which region. Countries are not known: the product has them from a database of
// addresses that this program does not come with.
package geoip

import (
	_ "embed"
	"net/netip"
	"slices"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// awsRanges are the IPv4 addresses of EC2 and CodeBuild as Amazon published them in
// ip-ranges.json, in the version that the product comes with: on the first line its
// syncToken, on each other one a region and its ranges, which do not overlap.
//
//go:embed aws.txt
var awsRanges string

// Providers of an address.
const (
	Internet = "internet"
	AWS      = "aws"
	Invalid  = "invalid_ip"
)

// Location is what is known of an address.
type Location struct {
	// Provider is one of the constants.
	Provider string
	// Version is that of the ranges of AWS.
	Version string
	// Region of AWS; empty elsewhere.
	Region string
}

// Ranges knows which addresses are where. It does not change.
type Ranges struct {
	version string
	list    []span // by their first address
}

type span struct {
	first, last netip.Addr
	region      string
}

// Load reads the ranges that the program comes with.
func Load() (*Ranges, error) { return parse(awsRanges) }

func parse(text string) (*Ranges, error) {
	version, lines, _ := strings.Cut(text, "\n")
	r := &Ranges{version: version}
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		for _, field := range fields[1:] {
			prefix, err := netip.ParsePrefix(field)
			if err != nil {
				return nil, errs.Wrap(errs.Invalid, err, "a range of %s", fields[0])
			}
			r.list = append(r.list, span{prefix.Masked().Addr(), last(prefix), fields[0]})
		}
	}
	slices.SortFunc(r.list, func(a, b span) int { return a.first.Compare(b.first) })
	return r, nil
}

// last is the last address of a range of IPv4.
func last(p netip.Prefix) netip.Addr {
	a := p.Masked().Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		a[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(a)
}

// Locate returns where an address is.
func (r *Ranges) Locate(address string) Location {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return Location{Provider: Invalid, Version: r.version}
	}
	addr = addr.Unmap()
	i, found := slices.BinarySearchFunc(r.list, addr, func(s span, a netip.Addr) int { return s.first.Compare(a) })
	if !found {
		i--
	}
	if i >= 0 && addr.Is4() && !r.list[i].last.Less(addr) {
		return Location{Provider: AWS, Version: r.version, Region: r.list[i].region}
	}
	return Location{Provider: Internet, Version: r.version}
}
