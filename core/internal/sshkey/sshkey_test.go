package sshkey

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// TestVector proves that a key is written as cryptography 46.0.7 writes it.
func TestVector(t *testing.T) {
	private, err := os.ReadFile("testdata/key.pem")
	if err != nil {
		t.Fatal(err)
	}
	public, err := os.ReadFile("testdata/key.pub")
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(private)
	if block == nil || len(rest) != 0 {
		t.Fatal("no PEM")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if got := publicLine(&key.PublicKey); got != string(public) {
		t.Errorf("public half %s", got)
	}
	if got := privatePEM(key); !got.Equal(string(private)) {
		t.Error("the private half is another")
	}
}

// TestNew proves that the halves of a new key belong together and that ssh reads them.
func TestNew(t *testing.T) {
	public, private, err := New()
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey([]byte(private.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	read, comment, _, rest, err := ssh.ParseAuthorizedKey([]byte(public))
	if err != nil || comment != "" || len(rest) != 0 || string(read.Marshal()) != string(signer.PublicKey().Marshal()) {
		t.Errorf("%s: %q, %v", public, comment, err)
	}
	block, _ := pem.Decode([]byte(private.Reveal()))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil || key.N.BitLen() != 2048 || key.E != 65537 || strings.ContainsAny(public, "\r\n") {
		t.Errorf("%v", err)
	}
}
