package geoip

import (
	"net/netip"
	"testing"
)

// TestLocate proves where addresses are, at the edges of ranges and where there is no
// address, and that IPv6 is never taken for IPv4.
func TestLocate(t *testing.T) {
	r, err := parse("7\nhere 10.1.0.0/16 10.3.4.0/30\nthere 10.2.0.0/16\n")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]Location{
		"10.0.255.255":     {Internet, "7", ""},
		"10.1.0.0":         {AWS, "7", "here"},
		"10.1.255.255":     {AWS, "7", "here"},
		"10.2.0.0":         {AWS, "7", "there"},
		"::ffff:10.2.0.1":  {AWS, "7", "there"},
		"10.3.0.0":         {Internet, "7", ""},
		"10.3.4.3":         {AWS, "7", "here"},
		"10.3.4.4":         {Internet, "7", ""},
		"255.255.255.255":  {Internet, "7", ""},
		"0.0.0.0":          {Internet, "7", ""},
		"2001:db8::1":      {Internet, "7", ""},
		"somewhere":        {Invalid, "7", ""},
		"":                 {Invalid, "7", ""},
		"10.1.0.0/16":      {Invalid, "7", ""},
		"fe80::1%eth0":     {Internet, "7", ""},
		"::":               {Internet, "7", ""},
		"0:0:0:0:0:0:a:10": {Internet, "7", ""},
	} {
		if got := r.Locate(address); got != want {
			t.Errorf("%q: got %+v, want %+v", address, got, want)
		}
	}
}

// TestRanges proves that the ranges that the program comes with can be read, that they
// do not overlap, and that each is found.
func TestRanges(t *testing.T) {
	r, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if r.version != "1645662201" || len(r.list) < 500 {
		t.Fatalf("version %q with %d ranges", r.version, len(r.list))
	}
	for i, s := range r.list {
		if i > 0 && !r.list[i-1].last.Less(s.first) {
			t.Errorf("%s and %s overlap", r.list[i-1].last, s.first)
		}
		for _, a := range []netip.Addr{s.first, s.last} {
			if got := r.Locate(a.String()); got.Region != s.region {
				t.Errorf("%s is in %q, not in %q", a, got.Region, s.region)
			}
		}
	}
}

// TestBrokenRanges proves that ranges which are none are refused.
func TestBrokenRanges(t *testing.T) {
	for _, text := range []string{"7\nhere 10.1.0.0\n", "7\nhere 10.1.0.0/33\n", "7\nhere x\n"} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// BenchmarkLocate is what an entry pays for it.
func BenchmarkLocate(b *testing.B) {
	r, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Locate("52.95.110.1")
	}
}
