package v2

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/sdk/errs"
)

// nextPage sets the Link to the next page, with an encrypted position.
func (reg *Registry) nextPage(w http.ResponseWriter, r *request, position any, query ...string) error {
	token, err := reg.Pages.Seal(position)
	if err != nil {
		return errs.Wrap(errs.Internal, err, "make a page token")
	}
	link(w, r, append(query, "next_page", token)...)
	return nil
}

// link sets the Link to the next page. Like the product's it names no host, and its
// parameters, names and values by turns, are in their order.
func link(w http.ResponseWriter, r *request, query ...string) {
	target := []byte(r.URL.EscapedPath())
	separator := byte('?')
	for i := 0; i < len(query); i += 2 {
		target = append(append(target, separator), query[i]+"="+url.QueryEscape(query[i+1])...)
		separator = '&'
	}
	w.Header().Set("Link", "<"+string(target)+`>; rel="next"`)
}

// number reads n, the number of entries that a client wants, and cuts it to what there
// may be. Without one, and for what is no number, it is the fallback.
func number(query url.Values, least, most, missing, malformed int) int {
	if !query.Has("n") {
		return missing
	}
	n, err := strconv.Atoi(strings.TrimSpace(query.Get("n")))
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range it is cut already
		n = malformed
	}
	return max(least, min(n, most))
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
	page := reg.Options.PageSize
	limit := number(query, 0, page, page, page)
	names, more, err := reg.Tags.List(r.Context(), repo.ID, strings.TrimSpace(query.Get("last")), limit)
	if err != nil {
		return err
	}
	if more {
		link(w, r, "n", strconv.Itoa(limit), "last", names[len(names)-1])
	}
	writeJSON(w, http.StatusOK, tagList{r.name.String(), names})
	return nil
}

type repositoryList struct {
	Repositories []string `json:"repositories"`
}

// catalog answers GET of the repositories that the caller may see
// (endpoints/v2/catalog.py).
func (reg *Registry) catalog(w http.ResponseWriter, r *request) error {
	query := r.URL.Query()
	page := reg.Options.PageSize
	limit := number(query, 1, page, page, 1)
	var position struct {
		From domain.RepositoryID `json:"start_id"`
	}
	token := query.Get("last")
	if query.Has("next_page") {
		token = query.Get("next_page")
	}
	reg.Pages.Open(token, &position)
	list, err := reg.visible(r, position.From, limit+1)
	if err != nil {
		return err
	}
	if len(list) > limit {
		position.From = list[limit].ID
		list = list[:limit]
		if err := reg.nextPage(w, r, position, "n", strconv.Itoa(limit)); err != nil {
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

// visible lists repositories that the caller may see: nobody those that everybody may,
// where the registry shows them, and superusers all.
func (reg *Registry) visible(r *request, from domain.RepositoryID, limit int) ([]domain.Repository, error) {
	c, err := reg.who(r)
	switch {
	case err != nil:
		return nil, err
	case c.Account == nil:
		return reg.Repos.Catalog(r.Context(), 0, false, from, limit)
	case c.User() == nil:
		return nil, nil
	}
	all := reg.Perms.Of(perms.RegistryToken(c.Account, nil)).AnySuperuser()
	return reg.Repos.Catalog(r.Context(), c.Account.ID, all.Allowed, from, limit)
}
