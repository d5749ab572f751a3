// Package oauth has the forms of the product's OAuth provider (data/model/oauth.py,
// oauth/provider.py, oauth/utils.py): scopes, the check of redirect URIs, the answers
// that are redirects, and the data beside a token. Tokens and codes themselves are in
// package credential.
package oauth

import "strings"

// SplitScopes splits a list of scopes at blanks, which is the standard, and at commas,
// which older clients send (auth/scopes.py). An empty element is one: where all scopes
// must be known, "repo:read " has one that is not.
func SplitScopes(s string) []string {
	return strings.Split(strings.ReplaceAll(s, ",", " "), " ")
}

// NormalizeScopes returns the scopes of a list, each once and in their order, separated
// by single blanks, as tokens that the API makes keep them.
func NormalizeScopes(s string) string {
	var out []string
	seen := make(map[string]bool)
	for _, scope := range strings.Fields(strings.ReplaceAll(s, ",", " ")) {
		if !seen[scope] {
			seen[scope] = true
			out = append(out, scope)
		}
	}
	return strings.Join(out, " ")
}
