package users

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/sdk/errs"
)

// fakeStore keeps accounts in memory.
type fakeStore struct {
	mu    sync.Mutex
	users map[string]*domain.User
	fail  error
	reads int
}

func (s *fakeStore) User(_ context.Context, name string) (*domain.User, error) {
	return s.find(func(u *domain.User) bool { return u.Name == name })
}

func (s *fakeStore) UserByUUID(_ context.Context, id string) (*domain.User, error) {
	return s.find(func(u *domain.User) bool { return u.UUID == id })
}

func (s *fakeStore) AccountByEmail(_ context.Context, email string) (*domain.Account, error) {
	u, err := s.find(func(u *domain.User) bool { return u.Email == email && !u.Organization })
	if err != nil {
		return nil, err
	}
	return &domain.Account{User: *u}, nil
}

func (s *fakeStore) find(match func(*domain.User) bool) (*domain.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	for _, u := range s.users {
		if match(u) {
			found := *u
			return &found, nil
		}
	}
	return nil, errs.New(errs.NotFound, "no such row")
}

func (s *fakeStore) HasPerson(context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.users) > 0, s.fail
}

func (s *fakeStore) CountFailedLogin(_ context.Context, id domain.UserID, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if u.ID == id {
			u.InvalidLogins++
			u.LastInvalidLogin = at
		}
	}
	return s.fail
}

func (s *fakeStore) ForgetFailedLogins(_ context.Context, id domain.UserID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if u.ID == id {
			u.InvalidLogins = 0
		}
	}
	return s.fail
}

func (s *fakeStore) CreateUser(_ context.Context, name, email, hash string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[name] = &domain.User{Name: name, Email: email, PasswordHash: hash, Enabled: true}
	return s.fail
}

// hash is a password's hash that costs little to compare with.
func hash(password string) string {
	b, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// open makes the rules over accounts. Strangers are cheap, too.
func open(accounts ...*domain.User) (*Users, *fakeStore) {
	s := &fakeStore{users: make(map[string]*domain.User)}
	for i, u := range accounts {
		u.ID = domain.UserID(i + 1)
		s.users[u.Name] = u
	}
	u := New(s)
	u.decoy = hash("nobody's")
	return u, s
}

func alice() *domain.User {
	return &domain.User{Name: "alice", UUID: "uuid of alice", PasswordHash: hash("secret"), Enabled: true}
}

// login returns who it was, or the message that the client gets.
func login(t *testing.T, u *Users, name, password string) string {
	t.Helper()
	user, err := u.Authenticate(t.Context(), name, password)
	if err == nil {
		return user.Name
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Unauthenticated && !errors.Is(err, ErrTooMany) || user != nil {
		t.Errorf("%s: got %+v, %v", name, user, err)
		return err.Error()
	}
	return e.Message
}

const (
	refused = "Invalid Username or Password"
	locked  = "Too many login attempts. \nPlease reset your Quay password and try again."
)

// TestAuthenticate proves who may log in, and that whoever may not is told the
// same, whether there is such an account or not.
func TestAuthenticate(t *testing.T) {
	long := strings.Repeat("a", 72)
	with := func(name, passwordHash string, change func(*domain.User)) *domain.User {
		u := &domain.User{Name: name, PasswordHash: passwordHash, Enabled: true}
		change(u)
		return u
	}
	as := func(*domain.User) {}
	php := strings.Replace(hash("secret"), "$2a$", "$2y$", 1)
	python := strings.Replace(hash("secret"), "$2a$", "$2b$", 1)
	for _, tc := range []struct {
		what, password, want string
		user                 *domain.User
	}{
		{"right", "secret", "bob", with("bob", hash("secret"), as)},
		{"right, hash of the product", "secret", "bob", with("bob", python, as)},
		{"right, another form of hash", "secret", "bob", with("bob", php, as)},
		{"wrong", "Secret", refused, with("bob", hash("secret"), as)},
		{"empty", "", refused, with("bob", hash("secret"), as)},
		{"no such account", "secret", refused, with("another", hash("secret"), as)},
		{"name in another case", "secret", refused, with("Bob", hash("secret"), as)},
		{"without a password", "", refused, with("bob", "", as)},
		{"damaged hash", "secret", refused, with("bob", "secret", as)},
		{"organisation", "secret", refused, with("bob", hash("secret"), func(u *domain.User) { u.Organization = true })},
		{"robot", "secret", refused, with("bob", hash("secret"), func(u *domain.User) { u.Robot = true })},
		{"72 bytes", long, "bob", with("bob", hash(long), as)},
		{"73 bytes, of which 72 count", long + "x", "bob", with("bob", hash(long), as)},
		{"71 bytes of 72", long[1:], refused, with("bob", hash(long), as)},
		{"a mebibyte", strings.Repeat("a", 1<<20), "bob", with("bob", hash(long), as)},
		{"NUL behind it", "secret\x00", refused, with("bob", hash("secret"), as)},
		{"NUL in it", "sec\x00ret", refused, with("bob", hash("sec"), as)},
		{"NUL after 72 bytes", long + "\x00", refused, with("bob", hash(long), as)},
		{"no UTF-8", "\xff\xfe", "bob", with("bob", hash("\xff\xfe"), as)},
		{"a letter that looks the same", "s\u0435cret", refused, with("bob", hash("secret"), as)},
		{
			"disabled", "secret", "This user has been disabled. Please contact your administrator.",
			with("bob", hash("secret"), func(u *domain.User) { u.Enabled = false }),
		},
		{"disabled, wrong", "x", refused, with("bob", hash("secret"), func(u *domain.User) { u.Enabled = false })},
	} {
		u, _ := open(tc.user)
		if got := login(t, u, "bob", tc.password); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.what, got, tc.want)
		}
	}
}

// TestDecoy proves that the password of a stranger is compared with a real hash of
// the usual cost: the time it takes does not tell that there is no such account.
func TestDecoy(t *testing.T) {
	u := New(nil)
	if cost, err := bcrypt.Cost([]byte(u.decoy)); err != nil || cost != password.Cost {
		t.Errorf("cost %d, %v", cost, err)
	}
	if err := bcrypt.CompareHashAndPassword([]byte(u.decoy), []byte("x")); !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		t.Errorf("got %v", err)
	}
}

// TestRetryAfter proves how the wait after failed logins grows, and that it stays
// bounded.
func TestRetryAfter(t *testing.T) {
	last := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	var before time.Duration
	for n := 1; n < 200; n++ {
		wait := retryAfter(&domain.User{InvalidLogins: n, LastInvalidLogin: last}).Sub(last)
		if want, known := map[int]time.Duration{
			1: 500 * time.Millisecond, 2: 1500 * time.Millisecond, 3: 3500 * time.Millisecond, 6: 31500 * time.Millisecond,
			7: time.Minute, 100: time.Minute,
		}[n]; known && wait != want {
			t.Errorf("after %d failures: %v, want %v", n, wait, want)
		}
		if wait < before || wait > time.Minute {
			t.Errorf("after %d failures: %v, after one less %v", n, wait, before)
		}
		before = wait
	}
}

// TestLockOut proves that a failed login closes the account for a while, in which
// nothing is compared and nothing counts, and that a good login forgets the
// failures.
func TestLockOut(t *testing.T) {
	u, s := open(alice())
	synctest.Test(t, func(t *testing.T) {
		for _, step := range []struct {
			after          time.Duration
			password, want string
			failures       int
		}{
			{0, "wrong", refused, 1},
			{499 * time.Millisecond, "secret", locked, 1},
			{time.Millisecond, "wrong", refused, 2},
			{time.Second, "wrong", locked, 2},
			{500 * time.Millisecond, "secret", "alice", 0},
			{0, "wrong", refused, 1},
			{500 * time.Millisecond, "secret", "alice", 0},
			{0, "secret", "alice", 0},
		} {
			time.Sleep(step.after)
			got := login(t, u, "alice", step.password)
			if n := s.users["alice"].InvalidLogins; got != step.want || n != step.failures {
				t.Errorf("%s: got %q after %d failures, want %q after %d", step.password, got, n, step.want, step.failures)
			}
		}
	})
}

// TestGuessesTakeTurns proves that of many guesses at once one is compared: they do
// not all slip in before the first failure is written down.
func TestGuessesTakeTurns(t *testing.T) {
	u, s := open(alice())
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := make(map[string]int)
	for range 50 {
		wg.Go(func() {
			got := login(t, u, "alice", "wrong")
			mu.Lock()
			answers[got]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if answers[refused] != 1 || answers[locked] != 49 || s.users["alice"].InvalidLogins != 1 {
		t.Errorf("answers %v, %d failures", answers, s.users["alice"].InvalidLogins)
	}
	if len(u.turns.waiting) != 0 {
		t.Errorf("%d names are remembered", len(u.turns.waiting))
	}
}

// TestImpatientLogin proves that a login which waits for others ends with its
// context, and leaves nothing behind.
func TestImpatientLogin(t *testing.T) {
	u, _ := open(alice())
	release, err := u.turns.take(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := u.Authenticate(ctx, "alice", "secret"); !errs.Is(err, errs.Timeout) {
		t.Errorf("waiting for the account: %v", err)
	}
	release()
	for range cap(u.hashing) {
		u.hashing <- struct{}{}
	}
	if _, err := u.Authenticate(ctx, "bob", "secret"); !errs.Is(err, errs.Timeout) {
		t.Errorf("waiting for a processor: %v", err)
	}
	if len(u.turns.waiting) != 0 {
		t.Errorf("%d names are remembered", len(u.turns.waiting))
	}
}

// TestLoginWithoutDatabase proves that a failure to write down a failed login does
// not let anybody in.
func TestLoginWithoutDatabase(t *testing.T) {
	u, s := open(alice())
	s.fail = errs.New(errs.Unavailable, "the database is away")
	if _, err := u.Authenticate(t.Context(), "alice", "wrong"); !errors.Is(err, ErrLogin) {
		t.Errorf("a wrong password: %v", err)
	}
	s.users["alice"].LastInvalidLogin = time.Now().Add(-time.Hour)
	if user, err := u.Authenticate(t.Context(), "alice", "secret"); err == nil {
		t.Errorf("the failures could not be forgotten: %+v", user)
	}
}

// TestByUUID proves that a disabled account is not found, nor one that became an
// organisation: whoever it was may not go on as if it were still his.
func TestByUUID(t *testing.T) {
	u, s := open(alice())
	if user, err := u.ByUUID(t.Context(), "uuid of alice"); err != nil || user.Name != "alice" {
		t.Errorf("got %+v, %v", user, err)
	}
	if _, err := u.ByUUID(t.Context(), "another"); !errs.Is(err, errs.NotFound) {
		t.Errorf("another: %v", err)
	}
	s.users["alice"].Enabled = false
	if _, err := u.ByUUID(t.Context(), "uuid of alice"); !errs.Is(err, errs.NotFound) {
		t.Errorf("disabled: %v", err)
	}
	s.users["alice"].Enabled, s.users["alice"].Organization = true, true
	if _, err := u.ByUUID(t.Context(), "uuid of alice"); !errs.Is(err, errs.NotFound) {
		t.Errorf("an organisation: %v", err)
	}
}

// TestEnsureFirst proves that the first start makes an account that can log in with
// the password that is returned, and that later starts make none.
func TestEnsureFirst(t *testing.T) {
	u, s := open()
	first, err := u.EnsureFirst(t.Context(), "admin")
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Password) < 20 || strings.Contains(s.users["admin"].PasswordHash, first.Password) {
		t.Errorf("the password has %d characters, or is stored", len(first.Password))
	}
	if cost, err := bcrypt.Cost([]byte(s.users["admin"].PasswordHash)); err != nil || cost != password.Cost {
		t.Errorf("cost %d, %v", cost, err)
	}
	if got := login(t, u, "admin", first.Password); got != "admin" {
		t.Errorf("login: %s", got)
	}
	if again, err := u.EnsureFirst(t.Context(), "admin"); err != nil || again != nil {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	s.fail = errs.New(errs.Unavailable, "the database is away")
	if made, err := u.EnsureFirst(t.Context(), "other"); err == nil || made != nil {
		t.Errorf("without a database: %+v, %v", made, err)
	}
}
