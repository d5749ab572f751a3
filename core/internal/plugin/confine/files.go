package confine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// What may be done to a path, in the terms of Landlock.
const (
	accessRead  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	accessWrite = accessRead | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_REFER |
		unix.LANDLOCK_ACCESS_FS_REMOVE_FILE | unix.LANDLOCK_ACCESS_FS_REMOVE_DIR
	accessOwn  = accessWrite | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK
	accessExec = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_EXECUTE
	// accessFile are those that a rule of a file may have; the others are of
	// directories.
	accessFile = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE |
		unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE
)

// The versions of Landlock that matter.
const (
	// abiRefer is the first that lets a file be renamed into another directory,
	// without which no storage works.
	abiRefer    = 2
	abiTruncate = 3
	abiTCP      = 4
	abiIoctl    = 5
	abiScope    = 6
)

// rule grants access to what is at a path and below it.
type rule struct {
	path   string
	access uint64
	// need is what it means when the path cannot be granted.
	need need
}

// need says how much a process needs a path.
type need int

const (
	optional need = iota // it is not on every machine
	granted              // the policy has it: the report tells when it is missing
	required             // nothing works without it
)

// systemRules are the paths that every process may use. None of them has secrets,
// and nothing can be executed: a plugin's own program is in memory, where Landlock
// does not look.
func systemRules() []rule {
	rules := []rule{{path: "/dev/null", access: unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE}}
	for _, path := range []string{
		// Names and addresses.
		"/etc/resolv.conf", "/run/systemd/resolve", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf",
		"/etc/gai.conf", "/etc/services", "/etc/protocols",
		// Certificates of authorities; what is beside them are private keys.
		"/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem",
		"/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust", "/etc/ca-certificates", "/usr/share/ca-certificates",
		"/usr/local/share/ca-certificates", "/usr/share/pki", "/etc/crypto-policies",
		// Time zones and the types of files.
		"/etc/localtime", "/usr/share/zoneinfo", "/etc/mime.types", "/usr/share/mime",
		// What runtimes look for.
		"/dev/zero", "/dev/random", "/dev/urandom", "/proc/sys/crypto/fips_enabled",
		"/sys/kernel/mm/transparent_hugepage", "/sys/devices/system/cpu",
	} {
		rules = append(rules, rule{path: path, access: accessRead})
	}
	return rules
}

// loaderRules let a dynamic loader work.
func loaderRules(loader string) []rule {
	rules := []rule{{path: loader, access: accessExec, need: required}}
	for _, path := range []string{
		"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
		"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
	} {
		rules = append(rules, rule{path: path, access: accessRead})
	}
	return rules
}

// rules are all of the process's.
func (s *start) rules() []rule {
	rules := systemRules()
	if s.needs.Loader != "" {
		rules = append(rules, loaderRules(s.needs.Loader)...)
	}
	if s.needs.Dir != "" {
		rules = append(rules, rule{path: s.needs.Dir, access: accessOwn, need: required})
	}
	for _, variable := range s.cmd.Env {
		// An administrator's certificates are where these say.
		name, value, _ := strings.Cut(variable, "=")
		if name == "SSL_CERT_FILE" || name == "SSL_CERT_DIR" {
			for _, path := range filepath.SplitList(value) {
				rules = append(rules, rule{path: path, access: accessRead})
			}
		}
	}
	for _, path := range s.policy.ReadOnly {
		rules = append(rules, rule{path: path, access: accessRead, need: granted})
	}
	for _, path := range s.policy.ReadWrite {
		rules = append(rules, rule{path: path, access: accessWrite, need: granted})
	}
	return rules
}

// prepareFiles makes the Landlock rules. A path that cannot be granted is reported; it
// is no failure, unless the policy requires all of it: the process knows which of its
// work it cannot do without it, and does the rest.
func (s *start) prepareFiles() error {
	ruleset, abi, problem := openRuleset(s.policy.Network)
	if problem != "" {
		s.report.add("files", StateUnavailable, problem)
		return nil
	}
	s.ruleset = ruleset
	for _, r := range s.rules() {
		err := addRule(s.ruleset, abi, r)
		switch {
		case err != nil && r.need == required:
			return errs.Wrap(errs.Unavailable, err, "a plugin needs the path %s, which cannot be granted to it", r.path)
		case r.need == granted:
			s.notGranted(r.path, err)
		}
	}
	detail := fmt.Sprintf("Landlock, version %d of its interface", abi)
	if len(s.ungranted) > 0 {
		missing := "not granted: " + strings.Join(s.ungranted, ", ")
		if s.policy.Require {
			return errs.New(errs.Unavailable, "a plugin has not got all that it must have (%s): make the paths usable, or do not grant them", missing)
		}
		detail += "; " + missing
	}
	s.report.add("files", StateApplied, detail)
	return nil
}

// openRuleset makes a set of no rules yet, or says why that is not possible here.
func openRuleset(network bool) (ruleset, abi int, problem string) {
	abi, err := landlockABI()
	switch {
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EOPNOTSUPP):
		return -1, 0, "the kernel has no Landlock, or it is not switched on: add it to the boot parameter lsm="
	case err != nil:
		return -1, 0, "Landlock is not allowed here: " + err.Error()
	case abi < abiRefer:
		return -1, 0, "the kernel's Landlock is too old: Linux 5.19 has a sufficient one"
	}
	ruleset, err = newRuleset(abi, network)
	if err != nil {
		return -1, 0, "Landlock takes no rules: " + err.Error()
	}
	return ruleset, abi, ""
}

// landlockABI returns the version of the kernel's interface.
func landlockABI() (int, error) {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0, errno
	}
	return int(abi), nil
}

// handled are the accesses to files that rules of a version decide.
func handled(abi int) uint64 {
	access := uint64(unix.LANDLOCK_ACCESS_FS_REFER<<1 - 1)
	if abi >= abiTruncate {
		access |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= abiIoctl {
		access |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	return access
}

func newRuleset(abi int, network bool) (int, error) {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: handled(abi)}
	if abi >= abiTCP && !network {
		attr.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if abi >= abiScope {
		// No signal to, and no abstract socket of, a process outside.
		attr.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return -1, errno
	}
	return int(fd), nil
}

// addRule adds a rule of what is at its path now, wherever a link leads. A file
// that is put into its place later is another one.
func addRule(ruleset, abi int, r rule) error {
	fd, err := unix.Open(r.path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return err
	}
	access := r.access & handled(abi)
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= accessFile
	}
	attr := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if errno != 0 {
		return os.NewSyscallError("landlock_add_rule", errno)
	}
	return nil
}

// restrictFiles applies the rules to this thread.
func (s *start) restrictFiles() error {
	if s.ruleset < 0 {
		return nil
	}
	_, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(s.ruleset), 0, 0)
	if errno != 0 {
		return errs.Wrap(errs.Unavailable, os.NewSyscallError("landlock_restrict_self", errno), "a plugin cannot be confined")
	}
	return nil
}
