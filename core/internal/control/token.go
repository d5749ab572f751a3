package control

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/sdk/errs"
)

// The token proves that a client can read a file that is the host's user's alone. A
// plugin is of the same user, and where it has the network it can connect to the
// socket, but its confinement keeps it from the file.

// tokenHeader is the header of a request that has the token.
const tokenHeader = "Quay-Control-Token"

// tokenPath is the file of the token, beside the socket.
func tokenPath(socket string) string { return socket + ".token" }

// writeToken makes a new token and writes it to the file of a socket, in place of that
// of an earlier host.
func writeToken(socket string) (token string, err error) {
	token = rand.Text()
	path := tokenPath(socket)
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // Its mode is 0600.
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(token)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return token, nil
}

// readToken reads the token of the host that serves a socket.
func readToken(socket string) (string, error) {
	path := tokenPath(socket)
	token, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "", errs.Wrap(errs.Denied, err, "the token of the control socket belongs to another user: run this as the user that the server runs as")
	case err != nil:
		return "", errs.Wrap(errs.Unavailable, err, "the token of the control socket %s cannot be read: is the server another version, or has somebody removed the file? Restart it", socket)
	}
	return string(token), nil
}

// demandToken answers only requests that have the token.
func demandToken(token string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenHeader)), []byte(token)) != 1 {
			refuse(w, errs.New(errs.Denied, "the request has not the token of this server: it is in the file beside the control socket"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(httpd.Status(err))
	_ = json.NewEncoder(w).Encode(failure{Kind: errs.KindOf(err).String(), Message: err.Error()}) // The client is gone when this fails.
}
