package secscan

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/bounds"
)

// Limits, in bytes where nothing else is said. The host and the SDK refuse what
// exceeds them.
const (
	MaxReportBytes = 64 << 20
	MaxStateBytes  = 255
	MaxDigestBytes = 255
	MaxIDBytes     = 255 // of a notification
	MaxPageBytes   = 1024
	MaxBodyBytes   = 64 << 10 // of a callback, and of its authorization
	MaxLayers      = 1000
	MaxURIBytes    = 8 << 10
	MaxHeaderBytes = 16 << 10 // of one layer together
	// MaxManifestBytes is what all layers of a manifest may have together.
	MaxManifestBytes = 3 << 20
)

// CheckDigest returns errs.Invalid unless digest has the form "algorithm:hex".
func CheckDigest(digest string) error {
	if err := bounds.Size(bounds.Text{What: "the digest", Value: digest, Limit: MaxDigestBytes}); err != nil {
		return err
	}
	algorithm, hex, ok := strings.Cut(digest, ":")
	good := func(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }
	bad := func(r rune) bool { return !good(r) }
	if !ok || algorithm == "" || hex == "" || strings.ContainsFunc(algorithm, bad) || strings.ContainsFunc(hex, bad) {
		return errs.New(errs.Invalid, "%q is not a digest", digest)
	}
	return nil
}

// CheckManifest returns errs.Invalid unless m is as its fields say. The SDK has
// checked every Manifest that a Scanner is given.
func CheckManifest(m Manifest) error {
	if err := CheckDigest(m.Digest); err != nil {
		return err
	}
	if len(m.Layers) == 0 || len(m.Layers) > MaxLayers {
		return errs.New(errs.Invalid, "the manifest has %d layers, it must have 1 to %d", len(m.Layers), MaxLayers)
	}
	total := 0
	for _, l := range m.Layers {
		size, err := checkLayer(l)
		if err != nil {
			return err
		}
		total += size
	}
	if total > MaxManifestBytes {
		return errs.New(errs.Invalid, "the addresses of the manifest's layers have %d bytes, more than %d", total, MaxManifestBytes)
	}
	return nil
}

// checkLayer returns how large a layer is in a message.
func checkLayer(l Layer) (size int, err error) {
	if err := CheckDigest(l.Digest); err != nil {
		return 0, err
	}
	if l.Size < 0 {
		return 0, errs.New(errs.Invalid, "the layer %s has a negative size", l.Digest)
	}
	// The address may have a signature in it: it is not repeated in errors.
	if err := bounds.Line(bounds.Text{What: "the address of a layer", Value: l.URI, Limit: MaxURIBytes}); err != nil {
		return 0, err
	}
	u, err := url.Parse(l.URI)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return 0, errs.New(errs.Invalid, "the address of the layer %s is not an absolute http or https URL", l.Digest)
	}
	header := 0
	for _, h := range l.Headers {
		header += len(h.Name) + len(h.Value)
		if h.Name == "" || strings.ContainsAny(h.Name+h.Value, "\r\n\x00") {
			return 0, errs.New(errs.Invalid, "the layer %s has a bad header", l.Digest)
		}
	}
	if header > MaxHeaderBytes {
		return 0, errs.New(errs.Invalid, "the header of the layer %s has %d bytes, more than %d", l.Digest, header, MaxHeaderBytes)
	}
	return len(l.Digest) + len(l.URI) + header, nil
}

// CheckState returns errs.Invalid unless state can be that of a scanner.
func CheckState(state string) error {
	text := bounds.Text{What: "the scanner's state", Value: state, Limit: MaxStateBytes}
	if err := bounds.Given(text); err != nil {
		return err
	}
	return bounds.Line(text)
}

// CheckReport returns errs.Invalid unless report is one JSON object of a good size.
func CheckReport(report Report) error {
	if len(report) > MaxReportBytes {
		return errs.New(errs.Invalid, "the report has %d bytes, more than %d", len(report), MaxReportBytes)
	}
	if !bytes.HasPrefix(bytes.TrimLeft(report, " \t\r\n"), []byte("{")) || !json.Valid(report) {
		return errs.New(errs.Invalid, "the report is not a JSON object")
	}
	return nil
}

// CheckNotification returns errs.Invalid unless id can be that of a notification.
func CheckNotification(id string) error {
	text := bounds.Text{What: "the notification's id", Value: id, Limit: MaxIDBytes}
	if err := bounds.Given(text); err != nil {
		return err
	}
	return bounds.Line(text)
}

// CheckPage returns errs.Invalid unless page can name a page. The empty one can.
func CheckPage(page string) error {
	return bounds.Line(bounds.Text{What: "the page", Value: page, Limit: MaxPageBytes})
}

// CheckCallback returns errs.Invalid unless c has a good size. Its body may be any bytes.
func CheckCallback(c Callback) error {
	if len(c.Body) > MaxBodyBytes {
		return errs.New(errs.Invalid, "the callback has %d bytes, more than %d", len(c.Body), MaxBodyBytes)
	}
	return bounds.Size(bounds.Text{What: "the authorization of the callback", Value: c.Authorization, Limit: MaxBodyBytes})
}
