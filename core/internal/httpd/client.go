package httpd

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientIP returns the address of the client that sent a request: that of the
// connection or, when a trusted proxy is at its other end, the last one in
// X-Forwarded-For that is not a trusted proxy's. What stands before that the client may
// have written himself. It is empty when the address is not known.
func ClientIP(r *http.Request, trusted []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := plain(peer.Addr())
	if !within(trusted, addr) {
		return addr.String()
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(chain) {
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break // whoever wrote this, nothing before it can be believed
		}
		if addr = plain(next); !within(trusted, addr) {
			break
		}
	}
	return addr.String()
}

// plain is an address in its shortest form, without a zone, which says nothing outside
// of this machine.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

func within(list []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
}
