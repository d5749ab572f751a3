package columns

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
)

// AES-CCM (NIST SP 800-38C, RFC 3610) with the product's parameters: a nonce of 13
// bytes, which leaves 2 for the length, a tag of 16 bytes, no additional data.
const (
	nonceSize = 13
	tagSize   = 16
	blockSize = 16
	// maxText is what a length of 2 bytes counts to.
	maxText = 1<<16 - 1
)

// Flags of the first byte of a block (RFC 3610 section 2.2 and 2.3).
const (
	counterFlags = 2 - 1
	macFlags     = (tagSize-2)/2<<3 | counterFlags
)

type ccm struct{ block cipher.Block }

// seal appends the encrypted text and its tag to out. The text has at most maxText
// bytes.
func (c ccm) seal(out []byte, nonce *[nonceSize]byte, text []byte) []byte {
	tag := c.mac(nonce, text)
	stream := c.stream(nonce)
	stream.XORKeyStream(tag[:], tag[:]) // the first block of the stream is the tag's
	start := len(out)
	out = append(out, text...)
	stream.XORKeyStream(out[start:], out[start:])
	return append(out, tag[:]...)
}

// open decrypts in place what seal appended, and returns the text. It reports false
// when the tag is not right; then what was in place is gone.
func (c ccm) open(nonce *[nonceSize]byte, sealed []byte) ([]byte, bool) {
	if len(sealed) < tagSize || len(sealed)-tagSize > maxText {
		return nil, false
	}
	text, got := sealed[:len(sealed)-tagSize], sealed[len(sealed)-tagSize:]
	stream := c.stream(nonce)
	stream.XORKeyStream(got, got)
	stream.XORKeyStream(text, text)
	want := c.mac(nonce, text)
	if subtle.ConstantTimeCompare(got, want[:]) != 1 {
		clear(text)
		return nil, false
	}
	return text, true
}

// stream returns the key stream: the tag's block, then those of the text. The counter
// has two bytes and never overflows: there are at most 4,097 blocks.
func (c ccm) stream(nonce *[nonceSize]byte) cipher.Stream {
	var counter [blockSize]byte
	counter[0] = counterFlags
	copy(counter[1:], nonce[:])
	return cipher.NewCTR(c.block, counter[:])
}

// mac chains the text's blocks, behind one with the nonce and the length.
func (c ccm) mac(nonce *[nonceSize]byte, text []byte) (sum [tagSize]byte) {
	sum[0] = macFlags
	copy(sum[1:], nonce[:])
	binary.BigEndian.PutUint16(sum[1+nonceSize:], uint16(len(text)))
	c.block.Encrypt(sum[:], sum[:])
	for len(text) > 0 {
		n := subtle.XORBytes(sum[:], sum[:], text)
		text = text[n:]
		c.block.Encrypt(sum[:], sum[:])
	}
	return sum
}
