package replay

import (
	"bufio"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"
)

// Mailbox is a mail server that keeps what it is sent.
type Mailbox struct {
	listener net.Listener
	serving  sync.WaitGroup
	mu       sync.Mutex
	messages []any
}

// OpenMailbox listens on a free port. Close ends it.
func OpenMailbox() (*Mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Mailbox{listener: l}
	m.serving.Go(m.accept)
	return m, nil
}

// Port is where it listens, on 127.0.0.1.
func (m *Mailbox) Port() int { return m.listener.Addr().(*net.TCPAddr).Port }

// Close stops listening; a message that is being sent is finished by its sender.
func (m *Mailbox) Close() error {
	err := m.listener.Close()
	m.serving.Wait()
	return err
}

// empty forgets the messages that have come.
func (m *Mailbox) empty() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = nil
}

// received are the messages that have come, each with its subject and recipients.
func (m *Mailbox) received() []any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.messages)
}

func (m *Mailbox) accept() {
	for {
		conn, err := m.listener.Accept()
		if err != nil {
			return // it was closed
		}
		m.serving.Go(func() {
			defer conn.Close()
			m.converse(conn)
		})
	}
}

// converse speaks SMTP with a client that makes no mistakes.
func (m *Mailbox) converse(conn net.Conn) {
	in := textproto.NewReader(bufio.NewReader(conn))
	say := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	say("220 ready")
	var to []any
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		switch verb {
		case "RCPT":
			if start, end := strings.IndexByte(line, '<'), strings.IndexByte(line, '>'); start >= 0 && start < end {
				to = append(to, line[start+1:end])
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			message, err := mail.ReadMessage(bufio.NewReader(in.DotReader()))
			if err != nil {
				say("554 this is no message")
				return
			}
			m.keep(to, message.Header.Get("Subject"))
			to = nil
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (m *Mailbox) keep(to []any, subject string) {
	if decoded, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		subject = decoded
	}
	slices.SortFunc(to, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = append(m.messages, map[string]any{"to": to, "subject": subject})
}
