package v2

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// pageSize is the largest page of a list (V2_PAGINATION_SIZE).
const pageSize = 100

// nextPage sets the Link to the next page, with an encrypted position.
func (reg *Registry) nextPage(w http.ResponseWriter, r *request, query url.Values, position any) error {
	token, err := reg.Pages.Seal(position)
	if err != nil {
		return errs.Wrap(errs.Internal, err, "make a page token")
	}
	query.Set("next_page", token)
	reg.link(w, r, query)
	return nil
}

func (reg *Registry) link(w http.ResponseWriter, r *request, query url.Values) {
	w.Header().Set("Link", "<"+reg.baseURL(r.Request)+r.URL.EscapedPath()+"?"+query.Encode()+`>; rel="next"`)
}

type tagList struct {
	Name string   `json:"name"`
	Tags []string `json:"tags"`
}

// listTags answers GET of a repository's tags.
func (reg *Registry) listTags(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	limit := reg.tagLimit(query.Get("n"))
	names, more, err := reg.Tags.List(r.Context(), repo.ID, strings.TrimSpace(query.Get("last")), limit)
	if err != nil {
		return err
	}
	if more {
		reg.link(w, r, url.Values{"n": {strconv.Itoa(limit)}, "last": {names[len(names)-1]}})
	}
	writeJSON(w, http.StatusOK, tagList{r.name.String(), names})
	return nil
}

// tagLimit reads n: at most a page, at least nothing. What is no number counts
// as no n (endpoints/v2/__init__.py, oci_tag_paginate).
func (reg *Registry) tagLimit(n string) int {
	wanted, err := strconv.Atoi(n)
	if err != nil {
		return reg.Options.TagPage
	}
	return max(0, min(wanted, reg.Options.TagPage))
}

type repositoryList struct {
	Repositories []string `json:"repositories"`
}

// catalog answers GET of the repositories that the caller may see.
func (reg *Registry) catalog(w http.ResponseWriter, r *request) error {
	query := r.URL.Query()
	limit := pageSize
	if n := query.Get("n"); n != "" {
		wanted, err := strconv.Atoi(n)
		if err != nil {
			wanted = 0
		}
		limit = max(1, min(wanted, pageSize))
	}
	var position struct {
		After domain.RepositoryID `json:"start_id"`
	}
	token := query.Get("next_page")
	if token == "" {
		token = query.Get("last")
	}
	reg.Pages.Open(token, &position)
	viewer, err := reg.viewer(r)
	if err != nil {
		return err
	}
	list, err := reg.Repos.Catalog(r.Context(), viewer, position.After, limit+1)
	if err != nil {
		return err
	}
	if len(list) > limit {
		list = list[:limit]
		position.After = list[limit-1].ID
		if err := reg.nextPage(w, r, url.Values{"n": {strconv.Itoa(limit)}}, position); err != nil {
			return err
		}
	}
	names := make([]string, len(list))
	for i, repo := range list {
		names[i] = repo.Name.String()
	}
	writeJSON(w, http.StatusOK, repositoryList{names})
	return nil
}

// viewer returns the account of the request's token, zero for nobody.
func (reg *Registry) viewer(r *request) (domain.UserID, error) {
	c, err := reg.who(r)
	return c.Performer(), err
}
