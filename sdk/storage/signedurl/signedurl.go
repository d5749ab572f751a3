// Package signedurl makes the URLs with which storage drivers of the product let
// clients fetch an object from a content delivery network, or from Swift, without
// credentials. It needs no cloud SDK: what does, an S3 URL with a signature (also in
// the form for Google's interoperability) or a SAS of Azure, is up to the driver.
//
// All texts are as the product makes them, byte for byte, since nodes at the edge
// compare them.
package signedurl

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Parameter is a parameter of a query.
type Parameter struct {
	Name, Value string
}

// Origin says on whose behalf a URL is made. It goes into the URL, for accounts of who
// uses the network; each part may be empty, and is left out then.
type Origin struct {
	Namespace, Username, Repository string
}

func (o Origin) parameters() []Parameter {
	var given []Parameter
	for _, p := range []Parameter{{"namespace", o.Namespace}, {"username", o.Username}, {"repo_name", o.Repository}} {
		if p.Value != "" {
			given = append(given, p)
		}
	}
	return given
}

// Key is an RSA key that signs URLs. It does not print its private half.
type Key struct {
	// A function, since package fmt prints what a pointer points to, for some verbs.
	private func() *rsa.PrivateKey
}

// ParseKey reads a key from PEM, in PKCS#1 or PKCS#8.
func ParseKey(text []byte) (*Key, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errs.New(errs.Invalid, "the key is not in PEM")
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return &Key{func() *rsa.PrivateKey { return k }}, nil
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		// The error of the library tells nothing of the key.
		return nil, errs.Wrap(errs.Invalid, err, "the key cannot be read")
	}
	private, ok := k.(*rsa.PrivateKey)
	if !ok {
		return nil, errs.New(errs.Invalid, "the key is not an RSA key")
	}
	return &Key{func() *rsa.PrivateKey { return private }}, nil
}

func (k *Key) sign(hash crypto.Hash, text string) ([]byte, error) {
	h := hash.New()
	h.Write([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.private(), hash, h.Sum(nil))
	return signature, errs.Wrap(errs.Internal, err, "sign a URL")
}

// parts are a URL as it is written: nothing in it is decoded or made pretty.
type parts struct {
	scheme, host string
	path         string
	// rest is what is between path and query: parameters of the last segment.
	rest  string
	query string
}

func split(text string) (parts, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	i := strings.IndexAny(rest, "/?")
	if !ok || scheme == "" || i <= 0 || strings.Contains(text, "#") {
		return parts{}, errs.New(errs.Invalid, "the signed URL cannot be understood")
	}
	p := parts{scheme: scheme, host: rest[:i]}
	p.path, p.query, _ = strings.Cut(rest[i:], "?")
	last := strings.LastIndexByte(p.path, '/') + 1
	if j := strings.IndexByte(p.path[last:], ';'); j >= 0 {
		p.path, p.rest = p.path[:last+j], p.path[last+j:]
	}
	return p, nil
}

// join writes the URL again, with another host and query.
func (p parts) join(host, query string) string {
	return p.scheme + "://" + host + p.path + p.rest + "?" + query
}

// encode writes a query.
func encode(parameters []Parameter) string {
	var b strings.Builder
	for i, p := range parameters {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value))
	}
	return b.String()
}

// decode reads a query: parameters without a value are left out, and of those with the
// same name the last value counts, in the place of the first.
func decode(query string) ([]Parameter, error) {
	var found []Parameter
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, errs.New(errs.Invalid, "the query of the signed URL cannot be understood")
		}
		if value != "" {
			found = set(found, Parameter{name, value})
		}
	}
	return found, nil
}

func set(list []Parameter, p Parameter) []Parameter {
	for i := range list {
		if list[i].Name == p.Name {
			list[i].Value = p.Value
			return list
		}
	}
	return append(list, p)
}
