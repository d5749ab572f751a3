// Package sshkey makes the key pairs with which build triggers fetch sources
// (util/security/ssh.py).
//
// FIPS: RSA with 2048 bits is made and encoded by Go's FIPS module.
package sshkey

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"math/big"

	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

const bits = 2048

// New makes a key pair: the public half as a line of OpenSSH without a comment, the
// private half as PEM of PKCS #1. It takes a good part of a second.
func New() (public string, private secret.Text, err error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return "", secret.Text{}, errs.Wrap(errs.Internal, err, "make an SSH key")
	}
	return publicLine(&key.PublicKey), privatePEM(key), nil
}

func privatePEM(key *rsa.PrivateKey) secret.Text {
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return secret.New(string(pem.EncodeToMemory(block)))
}

const keyType = "ssh-rsa"

// publicLine is the key's type and, in base64, type, exponent and modulus, each behind
// its length (RFC 4253 section 6.6).
func publicLine(key *rsa.PublicKey) string {
	var b []byte
	for _, part := range [][]byte{[]byte(keyType), mpint(big.NewInt(int64(key.E))), mpint(key.N)} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return keyType + " " + base64.StdEncoding.EncodeToString(b)
}

// mpint is a number that is not negative: its first bit is a sign (RFC 4251 section 5).
func mpint(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) > 0 && b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return b
}
