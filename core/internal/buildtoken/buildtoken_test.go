package buildtoken

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/keys/keystest"
	"github.com/quay/quay/sdk/errs"
)

// productToken was signed by the product's own code (util/security/registry_jwt.py with
// PyJWT 2.13.0) at the instant at which package synctest begins.
const productToken = "eyJhbGciOiJSUzI1NiIsImtpZCI6InRoZSBwcm9kdWN0IiwidHlwIjoiSldUIn0.eyJpc3MiOiJxdWF5IiwiYXVkIjoibWFuYWdlci5leGFtcGxlLmNvbSIsIm5iZiI6OTQ2Njg0ODAwLCJpYXQiOjk0NjY4NDgwMCwiZXhwIjo5NDY2OTIwMDAsInN1YiI6Iihhbm9ueW1vdXMpIiwiYWNjZXNzIjp7fSwiY29udGV4dCI6eyJ0b2tlbl90eXBlIjoiYnVpbGRfam9iX3Rva2VuIiwiYnVpbGRfaWQiOiJiIiwiam9iX2lkIjoiaiIsImV4cGlyYXRpb24iOjcyMDB9fQ.g74NCYH_i_xn2kpXFGPHb-sosaGIu6KmsZupxRHyMLawXT6Z5U5com7RY7xJjDXPGBACVnE3-HdhdqCaVJxIGuXUtmhP9Gu8iXDmAJT8Fa-SSJOUZL4vdIaCGqX8sZMTkIkMIVN5s6tch6uH4PM-bjY4EKRs1oXylpL-KRFVc46CrxC6JUD2k-x-xHwSC-yDR7eSuUKPgI3jJHCtOi2Nb8OgsUcVagDOW2ZQvTSQbZwm5rBDFx_fY1GM02Xp8zrSiYwS2whNicCkXoJSE_by_s1IHTMct2Ah62RpojLGKOCU8kb8y0EI89q_g2AqGAYLYZhxftTNnOZOQmkUlRGL7A"

const manager = "manager.example.com"

// TestProductToken proves that a token of the product is accepted for what it is, until
// it ends, which may be later than that of a registry's token.
func TestProductToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := keystest.New(t)
		b, err := Verify(t.Context(), k, manager, Job, productToken)
		if want := (Build{"b", "j", 2 * time.Hour}); err != nil || b != want {
			t.Errorf("got %+v, %v", b, err)
		}
		if _, err := Verify(t.Context(), k, manager, Registration, productToken); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("as another kind: %v", err)
		}
		if _, err := Verify(t.Context(), k, keystest.Audience, Job, productToken); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("at another host: %v", err)
		}
		if _, err := k.Verify(t.Context(), productToken); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("at the registry: %v", err)
		}
		time.Sleep(2*time.Hour + 31*time.Second)
		if _, err := Verify(t.Context(), k, manager, Job, productToken); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("too late: %v", err)
		}
	})
}

// TestSign proves that what is signed here is accepted here, for its kind.
func TestSign(t *testing.T) {
	k := keystest.New(t)
	want := Build{"build", "job", time.Hour}
	for _, kind := range []Kind{Registration, Job} {
		token, err := Sign(t.Context(), k, manager, kind, want)
		if err != nil {
			t.Fatal(err)
		}
		for _, as := range []Kind{Registration, Job} {
			if got, err := Verify(t.Context(), k, manager, as, token); (as == kind) != (err == nil && got == want) {
				t.Errorf("%s as %s: %+v, %v", kind, as, got, err)
			}
		}
	}
}

// TestVerifyRefuses proves that a token without all that a build token has is refused.
func TestVerifyRefuses(t *testing.T) {
	k := keystest.New(t)
	type object = map[string]any
	good := object{"token_type": Job, "build_id": "b", "job_id": "j", "expiration": 60}
	for name, tc := range map[string]struct {
		subject string
		context any
		good    bool
	}{
		"good":               {"", good, true},
		"of somebody":        {"devtable", good, false},
		"no context":         {"", nil, false},
		"no build":           {"", object{"token_type": Job, "job_id": "j", "expiration": 60}, false},
		"no job":             {"", object{"token_type": Job, "build_id": "b", "expiration": 60}, false},
		"no kind":            {"", object{"build_id": "b", "job_id": "j", "expiration": 60}, false},
		"no expiration":      {"", object{"token_type": Job, "build_id": "b", "job_id": "j"}, false},
		"expiration is text": {"", object{"token_type": Job, "build_id": "b", "job_id": "j", "expiration": "60"}, false},
		"build is a number":  {"", object{"token_type": Job, "build_id": 1, "job_id": "j", "expiration": 60}, false},
		"a list":             {"", []string{}, false},
	} {
		token, err := k.SignToken(t.Context(), keys.Token{Subject: tc.subject, Audience: manager, Context: tc.context, Lifetime: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(t.Context(), k, manager, Job, token); tc.good != (err == nil) || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
