package keys

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

type productTokens struct {
	Now   int64
	JWK   json.RawMessage
	Cases []struct{ Name, Token, Payload string }
}

// product reads tokens that the product's own code signed at the instant at which
// package synctest begins; testdata/tokens.json names the versions.
func product(t *testing.T) productTokens {
	t.Helper()
	b, err := os.ReadFile("testdata/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	var v productTokens
	if err := json.Unmarshal(b, &v); err != nil || len(v.Cases) == 0 {
		t.Fatal(err)
	}
	return v
}

// trusting is an instance that trusts the product's key.
func trusting(v productTokens) *Keys {
	s := newStore()
	s.keys["the product"] = domain.ServiceKey{KID: "the product", Service: service, JWK: v.JWK, Approved: true}
	return instance(s)
}

const uuid = "0a1b2c3d-0000-4000-8000-000000000001"

// entities are whom the product's tokens were made for, by the name of the case.
var entities = map[string]Entity{
	"user":             {Person, uuid, "devtable"},
	"robot":            {Robot, "buynlarge+bot", "buynlarge+bot"},
	"token":            {AccessToken, strings.Repeat("N", 32) + strings.Repeat("C", 32), ""},
	"oauthtoken":       {OAuthToken, uuid, "devtable"},
	"appspecifictoken": {AppToken, uuid, "devtable"},
	"anonymous":        {Kind: Anonymous},
	"two roots":        {Person, uuid, "devtable"},
	"one root":         {Person, uuid, "devtable"},
	"layer":            {Kind: Anonymous},
}

// accesses are what they open, where it is not what most of them open.
var accesses = map[string][]Access{
	"two roots": {{"repository", "a/b", []string{"*"}, "signer"}, {"repository", "a/c", []string{}, "quay"}},
	"one root":  {{"repository", "a/b", []string{"*"}, "signer"}},
	"layer":     {{"repository", "devtable/simple", []string{"pull"}, ""}},
	"":          {{"repository", "devtable/simple", []string{"push", "pull"}, ""}},
}

func access(name string) []Access {
	if a, ok := accesses[name]; ok {
		return a
	}
	return accesses[""]
}

// TestProductTokens proves that a token of the product is accepted for every kind of
// entity, and says whose it is and what it opens.
func TestProductTokens(t *testing.T) {
	v := product(t)
	k := trusting(v)
	synctest.Test(t, func(t *testing.T) {
		if now := time.Now().Unix(); now != v.Now {
			t.Fatalf("it is %d", now)
		}
		for _, tc := range v.Cases {
			c, err := k.Verify(t.Context(), tc.Token)
			want, ok := entities[tc.Name]
			if !ok { // for somebody else than the registry
				if !errs.Is(err, errs.Unauthenticated) {
					t.Errorf("%s: got %v, %v", tc.Name, c, err)
				}
				continue
			}
			if err != nil || c.Entity != want || len(c.Access) != len(access(tc.Name)) {
				t.Errorf("%s: got %+v, %v", tc.Name, c, err)
				continue
			}
			for i, a := range access(tc.Name) {
				a.Root = ""
				if !reflect.DeepEqual(c.Access[i], a) {
					t.Errorf("%s: opens %+v", tc.Name, c.Access[i])
				}
			}
		}
	})
}

// content is the payload of a token.
func content(t *testing.T, token string) (o object) {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestSignAsProduct proves that a token for each kind of entity says exactly what the
// product's says.
func TestSignAsProduct(t *testing.T) {
	v := product(t)
	k := instance(newStore())
	synctest.Test(t, func(t *testing.T) {
		for _, tc := range v.Cases {
			e, ok := entities[tc.Name]
			if !ok {
				continue
			}
			token, err := k.Sign(t.Context(), e, host, access(tc.Name))
			if tc.Name == "layer" {
				token, err = k.LayerAuthorization(t.Context(), domain.Name{Namespace: "devtable", Repository: "simple"})
				token = strings.TrimPrefix(token, "Bearer ")
			}
			if err != nil {
				t.Fatal(err)
			}
			var want object
			if err := json.Unmarshal([]byte(tc.Payload), &want); err != nil {
				t.Fatal(err)
			}
			if got := content(t, token); !reflect.DeepEqual(got, want) {
				t.Errorf("%s\ngot  %v\nwant %v", tc.Name, got, want)
			}
		}
	})
}

// TestSignForNobody proves what is signed without an audience, and that there is no
// token for the holder of a grant of /v1.
func TestSignForNobody(t *testing.T) {
	k := instance(newStore())
	token, err := k.Sign(t.Context(), Entity{}, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c := content(t, token); c["aud"] != nil || c["sub"] != "(anonymous)" {
		t.Errorf("got %v", c)
	}
	if _, err := k.Verify(t.Context(), token); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a token for nobody: %v", err)
	}
	if _, err := k.VerifyToken(t.Context(), token, "", 0); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a token for nobody, of nobody: %v", err)
	}
	for _, kind := range []Kind{SignedGrant, "unknown"} {
		if _, err := k.Sign(t.Context(), Entity{Kind: kind}, host, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestPersonEntity proves that robots are told from people.
func TestPersonEntity(t *testing.T) {
	for want, user := range map[Entity]*domain.User{
		{}:                         nil,
		{Person, "u", "devtable"}:  {UUID: "u", Name: "devtable"},
		{Robot, "a+bot", "a+bot"}:  {UUID: "u", Name: "a+bot", Robot: true},
		{Person, "v", "(somebody"}: {UUID: "v", Name: "(somebody"},
	} {
		if got := PersonEntity(user); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// TestContexts proves what a token's context may be.
func TestContexts(t *testing.T) {
	k := instance(newStore())
	for name, tc := range map[string]struct {
		context any
		good    bool
		want    Entity
	}{
		"none":               {nil, true, Entity{Kind: Anonymous}},
		"empty":              {object{}, true, Entity{Kind: Anonymous}},
		"version 1":          {object{"kind": "user", "user": "alice"}, true, Entity{Kind: Anonymous}},
		"anonymous":          {object{"entity_kind": "anonymous", "entity_reference": nil}, true, Entity{Kind: Anonymous}},
		"a person":           {object{"entity_kind": "user", "entity_reference": "u"}, true, Entity{Person, "u", "alice"}},
		"unknown members":    {object{"entity_kind": "user", "entity_reference": "u", "new": object{}}, true, Entity{Person, "u", "alice"}},
		"a kind of nothing":  {object{"entity_kind": "root", "entity_reference": "u"}, false, Entity{}},
		"without reference":  {object{"entity_kind": "user"}, false, Entity{}},
		"reference is null":  {object{"entity_kind": "user", "entity_reference": json.RawMessage("null")}, false, Entity{}},
		"reference is a one": {object{"entity_kind": "user", "entity_reference": 1}, false, Entity{}},
		"kind is a list":     {object{"entity_kind": []string{"user"}}, false, Entity{}},
		"a list":             {[]string{}, false, Entity{}},
		"a number":           {1, false, Entity{}},
	} {
		token := signRSA(shared(), unsigned(goodHeader(), goodClaims().with(object{"context": tc.context})))
		c, err := k.Verify(t.Context(), token)
		if tc.good != (err == nil) || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && c.Entity != tc.want {
			t.Errorf("%s: got %v", name, c.Entity)
		}
	}
}

// TestAccess proves that a token which opens anything unknown opens nothing.
func TestAccess(t *testing.T) {
	k := instance(newStore())
	good := object{"type": "repository", "name": "acme/web", "actions": []string{"pull", "push", "*"}}
	for name, tc := range map[string]struct {
		access any
		good   bool
	}{
		"good":               {[]any{good}, true},
		"another member":     {[]any{good.with(object{"class": "image"})}, true},
		"no actions":         {[]any{good.with(object{"actions": []string{}})}, true},
		"null":               {json.RawMessage("null"), false},
		"an object":          {object{}, false},
		"without actions":    {[]any{good.with(object{"actions": nil})}, false},
		"actions are null":   {[]any{good.with(object{"actions": json.RawMessage("null")})}, false},
		"actions are a text": {[]any{good.with(object{"actions": "pull"})}, false},
		"an unknown action":  {[]any{good, good.with(object{"actions": []string{"pull", "delete"}})}, false},
		"an action is null":  {[]any{good.with(object{"actions": []any{nil}})}, false},
		"an action's case":   {[]any{good.with(object{"actions": []string{"PULL"}})}, false},
		"without name":       {[]any{good.with(object{"name": nil})}, false},
		"name is a number":   {[]any{good.with(object{"name": 1})}, false},
		"another type":       {[]any{good.with(object{"type": "registry"})}, false},
		"a storage proxy's":  {[]any{object{"type": "storageproxy", "uri": "x", "host": "h", "scheme": "s"}}, false},
		"one is null":        {[]any{nil}, false},
	} {
		token := signRSA(shared(), unsigned(goodHeader(), goodClaims().with(object{"access": tc.access})))
		if _, err := k.Verify(t.Context(), token); tc.good != (err == nil) || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEntityDoesNotPrint proves that an access token's code, and the instance's key, do
// not get into a log.
func TestEntityDoesNotPrint(t *testing.T) {
	const code = "THEWHOLECODE"
	k := instance(newStore())
	e := Entity{AccessToken, code, ""}
	d := shared().D
	for _, v := range []any{e, &e, []Entity{e}, &Claims{Entity: e}, Claims{Entity: e}, k} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%b", "%o", "%c", "%e", "%U"} {
			text := fmt.Sprintf(verb, v)
			for _, secret := range []string{code, fmt.Sprintf("%x", code), d.String(), d.Text(16)} {
				if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
					t.Errorf("%s of %T printed %s", verb, v, text)
				}
			}
		}
	}
}
