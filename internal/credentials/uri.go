package credentials

import (
	"context"
	"net/http"
	"net/url"
)

// credentialsURI is a server that hands out credentials. The URI's user, path and
// query may be secret, so only its host is ever shown.
func (f *finder) credentialsURI(uri setting, attribute string) (*origin, error) {
	parsed, err := url.Parse(uri.value)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return nil, at(attribute, mistake("Invalid Credentials URI", "%s must be a URI that begins with http:// or https:// and names a host.", uri.name))
	}
	password, _ := parsed.User.Password()
	secrets := []string{uri.value, parsed.RequestURI(), parsed.EscapedPath(), parsed.RawQuery, parsed.User.Username(), password}
	for _, values := range parsed.Query() {
		secrets = append(secrets, values...)
	}
	return &origin{
		name: "the credentials URI at " + parsed.Host + " (" + uri.name + ")",
		fetch: func(ctx context.Context) (session, error) {
			body, err := f.exchange(ctx, http.MethodGet, uri.value, nil, nil, secrets...)
			if err != nil {
				return session{}, err
			}
			return f.readSession(body, true, secrets...)
		},
	}, nil
}
