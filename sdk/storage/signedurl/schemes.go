package signedurl

import (
	"crypto"
	"crypto/hmac"
	"crypto/sha1" // CloudFront and Swift want it.
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

// CloudFront signs with a canned policy. Its zero value is of no use.
type CloudFront struct {
	// Domain is that of the distribution.
	Domain string
	// KeyID is the key pair's.
	KeyID string
	Key   *Key
}

// unclean is what CloudFront would read otherwise than it was signed.
var unclean = regexp.MustCompile(`[^!#-\[\]-~]`)

// Sign returns the URL of an object, by its path in the distribution, with parameters in
// their order. The algorithm has SHA-1 in it, which a FIPS build may refuse.
func (c CloudFront) Sign(path string, parameters []Parameter, expires time.Time) (string, error) {
	if unclean.MatchString(path) {
		return "", errs.New(errs.Invalid, "the path cannot be in a signed URL")
	}
	resource, separator := "https://"+c.Domain+"/"+path, "?"
	if len(parameters) > 0 {
		resource += "?" + encode(parameters)
	}
	if strings.Contains(resource, "?") {
		separator = "&"
	}
	signature, err := c.Key.sign(crypto.SHA1, fmt.Sprintf(
		`{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":%d}}}]}`, resource, expires.Unix()))
	if err != nil {
		return "", err
	}
	text := strings.NewReplacer("+", "-", "=", "_", "/", "~").Replace(base64.StdEncoding.EncodeToString(signature))
	return fmt.Sprintf("%s%sExpires=%d&Signature=%s&Key-Pair-Id=%s", resource, separator, expires.Unix(), text, c.KeyID), nil
}

// Cloudflare puts its own host and a signature into a signed URL of S3. A worker at the
// edge checks and removes what is added.
type Cloudflare struct {
	// Domain is that of the network, Region that of the bucket.
	Domain, Region string
	Key            *Key
}

// Sign changes a signed URL of S3.
func (c Cloudflare) Sign(presigned string, origin Origin, expires time.Time) (string, error) {
	p, err := split(presigned)
	if err != nil {
		return "", err
	}
	query, err := decode(p.query)
	if err != nil {
		return "", err
	}
	signature, err := c.Key.sign(crypto.SHA256, fmt.Sprintf("%s@%d", p.path, expires.Unix()))
	if err != nil {
		return "", err
	}
	added := []Parameter{
		{"cf_sign", base64.StdEncoding.EncodeToString(signature)},
		{"cf_expiry", fmt.Sprint(expires.Unix())},
		{"region", c.Region},
	}
	for _, a := range append(added, origin.parameters()...) {
		query = set(query, a)
	}
	return p.join(c.Domain, encode(query)), nil
}

// Akamai puts its own host and an edge token into a signed URL of S3.
type Akamai struct {
	// Domain is that of the network, Region that of the bucket.
	Domain, Region string
	// Secret is shared with the network, in hexadecimal.
	Secret config.Secret
}

// AkamaiWindow is how long a URL of Akamai can be used.
const AkamaiWindow = 15 * time.Minute

// Sign changes a signed URL of S3. Its parameters are added as they are, without
// escapes, as the product does: an origin with other characters than those of names is
// errs.Invalid.
func (a Akamai) Sign(presigned string, origin Origin, now time.Time) (string, error) {
	secret, err := hex.DecodeString(a.Secret.Reveal())
	if err != nil || len(secret) == 0 {
		return "", errs.New(errs.Invalid, "the shared secret is not in hexadecimal")
	}
	p, err := split(presigned)
	if err != nil {
		return "", err
	}
	query := p.query + "&region=" + a.Region
	for _, o := range origin.parameters() {
		if strings.ContainsAny(o.Value, "&#%= ") || unclean.MatchString(o.Value) {
			return "", errs.New(errs.Invalid, "the %s cannot be in a signed URL", o.Name)
		}
		query += "&" + o.Name + "=" + o.Value
	}
	token := fmt.Sprintf("exp=%d", now.Add(AkamaiWindow).Unix())
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(token + "~url=" + escapeEarly(p.path)))
	return p.join(a.Domain, query+"&akamai_signature="+token+"~hmac="+hex.EncodeToString(h.Sum(nil))), nil
}

var escape = regexp.MustCompile(`%..`)

// escapeEarly is a query's escaping with small letters.
func escapeEarly(path string) string {
	return escape.ReplaceAllStringFunc(url.QueryEscape(path), strings.ToLower)
}

// Swift makes temporary URLs.
type Swift struct {
	// Root is the account's storage URL, for instance https://swift.example.com/v1/AUTH_x.
	Root string
	// Key is the account's or the container's temp_url_key.
	Key config.Secret
}

// Sign returns the URL at which method, GET or HEAD, can be done with an object. Its
// path is not escaped, as in the product: one with a question mark, a hash or the end of
// a line is errs.Invalid.
func (s Swift) Sign(method, container, object string, expires time.Time) (string, error) {
	root, err := split(strings.TrimRight(s.Root, "/") + "/")
	if err != nil || root.query != "" {
		return "", errs.New(errs.Invalid, "the storage URL cannot be understood")
	}
	path := root.path + container + "/" + object
	if strings.ContainsAny(path, "?#\n\r") {
		return "", errs.New(errs.Invalid, "the path cannot be in a signed URL")
	}
	h := hmac.New(sha1.New, []byte(s.Key.Reveal()))
	fmt.Fprintf(h, "%s\n%d\n%s", method, expires.Unix(), path)
	return fmt.Sprintf("%s://%s%s?temp_url_sig=%x&temp_url_expires=%d", root.scheme, root.host, path, h.Sum(nil), expires.Unix()), nil
}
