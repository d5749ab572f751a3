package trust

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// Policy says which binaries may run. Its zero value admits every binary that
// binary.Open does, and grants it everything. Its methods may be called from many
// goroutines while nobody changes it.
type Policy struct {
	// Lock lists the binaries that may run; nil admits others too.
	Lock *Lock
	// Keys are those of which one must have signed a binary; none demands nothing.
	Keys []Key
	// AllowUnsigned names plugins, each as KIND/NAME, that need no signature.
	AllowUnsigned []string
	// Development admits binaries that are not in the lock or not signed, for
	// those who write plugins. A wrong signature is refused nevertheless.
	Development bool
	// FIPS admits only binaries that are built with a FIPS 140-3 module and use
	// it, and no exception by AllowUnsigned or Development.
	FIPS bool
}

// Grant is what an admitted plugin may do.
type Grant struct {
	// Capabilities are those that its instances may use; nil means all.
	Capabilities []string
	// Network is whether it may open connections.
	Network bool
	// Locked is whether the lock lists the binary.
	Locked bool
	// SignedBy names the key that signed the binary; empty when none was asked for.
	SignedBy string
}

// Filter divides the capabilities that an instance reports into those that are
// granted and those to be withheld. Both keep the order.
func (g Grant) Filter(capabilities []string) (kept, withheld []string) {
	for _, c := range capabilities {
		if g.Capabilities == nil || slices.Contains(g.Capabilities, c) {
			kept = append(kept, c)
		} else {
			withheld = append(withheld, c)
		}
	}
	return kept, withheld
}

// Validate fails when parts of the policy contradict each other, or name nothing.
func (p *Policy) Validate() error {
	if p.FIPS && p.Development {
		return errs.New(errs.Invalid, "plugins under development cannot be admitted while FIPS is demanded: switch one of them off")
	}
	if p.FIPS && len(p.AllowUnsigned) > 0 {
		return errs.New(errs.Invalid, "plugins without a signature (%s) cannot be admitted while FIPS is demanded: sign them", strings.Join(p.AllowUnsigned, ", "))
	}
	for _, id := range p.AllowUnsigned {
		if kind, name, _ := strings.Cut(id, "/"); !protocol.KnownKind(kind) || name == "" {
			return errs.New(errs.Invalid, "%q names no plugin that needs no signature: write it as KIND/NAME, for instance storage/local", id)
		}
	}
	return nil
}

// Warnings says, for whoever starts the host, where the policy is weaker than it
// could be by somebody's choice.
func (p *Policy) Warnings() []string {
	var warnings []string
	if p.Development {
		warnings = append(warnings, "Plugins under development are admitted: a binary needs neither an entry in the lock nor a signature. Never serve others like this.")
	}
	for _, id := range p.AllowUnsigned {
		warnings = append(warnings, fmt.Sprintf("The plugin %s is admitted without a signature.", id))
	}
	return warnings
}

// Check decides whether a binary may run at all. It runs nothing, so that a
// binary can be refused before it is asked to describe itself.
func (p *Policy) Check(kind, name string, b *binary.Binary) (Grant, error) {
	if err := p.Validate(); err != nil {
		return Grant{}, err
	}
	if p.FIPS && !b.FIPS() {
		return Grant{}, errs.New(errs.Denied, "the plugin %s/%s at %s is no FIPS build (its GOFIPS140 setting is %q, its default fips140 %q): install one that is built with GOFIPS140=v1.0.0 or later", kind, name, b.Path, b.Build.FIPSModule, b.Build.FIPSDefault)
	}
	grant := Grant{Network: true}
	var signature string
	if p.Lock != nil {
		entry, same := p.Lock.find(kind, name, b.SHA256)
		switch {
		case entry != nil:
			grant = Grant{Capabilities: entry.Capabilities, Network: entry.Network, Locked: true}
			signature = entry.Signature
		case !p.Development:
			return Grant{}, notLocked(kind, name, b, same)
		}
	}
	if len(p.Keys) == 0 {
		return grant, nil
	}
	var err error
	grant.SignedBy, err = p.signer(kind+"/"+name, b, signature)
	if err != nil {
		return Grant{}, err
	}
	return grant, nil
}

// notLocked says what the lock expects in the place of a binary.
func notLocked(kind, name string, b *binary.Binary, same []Entry) error {
	expected := "lists no " + kind + " plugin of this name"
	if len(same) > 0 {
		var versions []string
		for _, e := range same {
			versions = append(versions, e.SHA256+" (version "+e.Version+")")
		}
		expected = "expects the sha256 " + strings.Join(versions, " or ")
	}
	return errs.New(errs.Denied, "the plugin %s/%s at %s has the sha256 %s; the lock %s: install what is locked, or run \"quay plugin lock\" if this binary is the right one", kind, name, b.Path, b.SHA256, expected)
}

// signer returns the name of the key that signed a binary. locked is the
// signature of the lock, if there is one.
func (p *Policy) signer(id string, b *binary.Binary, locked string) (string, error) {
	if slices.Contains(p.AllowUnsigned, id) {
		return "", nil
	}
	signature, where, err := findSignature(b, locked)
	if err != nil {
		return "", err
	}
	if signature == nil {
		if p.Development {
			return "", nil
		}
		return "", errs.New(errs.Denied, "the plugin %s at %s has no signature: put the output of \"cosign sign-blob --key KEY %s\" into %s, then run \"quay plugin lock\"; or allow the plugin without one", id, b.Path, b.Path, b.Path+SignatureSuffix)
	}
	sum, err := hex.DecodeString(b.SHA256)
	if err != nil {
		return "", errs.Wrap(errs.Internal, err, "the hash of %s", b.Path)
	}
	names := make([]string, 0, len(p.Keys))
	for _, k := range p.Keys {
		ok, err := k.verifies(sum, b.Reader(), signature)
		if err != nil {
			return "", err
		}
		if ok {
			return k.Name, nil
		}
		names = append(names, k.Name)
	}
	return "", errs.New(errs.Denied, "the signature of the plugin %s in %s is by none of the keys %s over this binary (sha256 %s): sign it anew, or install the binary that was signed", id, where, strings.Join(names, ", "), b.SHA256)
}

// findSignature returns the signature of a binary and where it was found, nil
// when there is none.
func findSignature(b *binary.Binary, locked string) (signature []byte, where string, err error) {
	if locked != "" {
		signature, err = ParseSignature([]byte(locked))
		return signature, "the lock", err
	}
	where = b.Path + SignatureSuffix
	signature, err = readSignature(where)
	return signature, where, err
}

// Admit decides like Check, and demands that the binary's description of itself
// is that of the plugin and of the lock.
func (p *Policy) Admit(kind, name string, b *binary.Binary, d protocol.Description) (Grant, error) {
	grant, err := p.Check(kind, name, b)
	if err != nil {
		return Grant{}, err
	}
	if d.Kind != kind || d.Name != name {
		return Grant{}, errs.New(errs.Denied, "%s says that it is the %s plugin %q, not the %s plugin %q: rename it to %s", b.Path, d.Kind, d.Name, kind, name, protocol.BinaryName(d.Kind, d.Name))
	}
	if !grant.Locked {
		return grant, nil
	}
	entry, _ := p.Lock.find(kind, name, b.SHA256)
	if entry.Version != d.Version {
		return Grant{}, errs.New(errs.Denied, "%s says that it has the version %q; the lock says %q: run \"quay plugin lock\"", b.Path, d.Version, entry.Version)
	}
	if api := sorted(d.API); !slices.Equal(entry.API, api) {
		return Grant{}, errs.New(errs.Denied, "%s says that it serves %s; the lock says %s: run \"quay plugin lock\"", b.Path, strings.Join(api, ", "), strings.Join(entry.API, ", "))
	}
	return grant, nil
}
