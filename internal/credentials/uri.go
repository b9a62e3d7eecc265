package credentials

import (
	"net/url"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// credentialsURI is a server that hands out credentials. The URI's user, path and
// query may be secret, so only its host is ever shown.
func (f *finder) credentialsURI(uri, attribute, setBy string) (*origin, error) {
	parsed, err := url.Parse(uri)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return nil, &ConfigError{
			Attribute: attribute,
			Summary:   "Invalid Credentials URI",
			Detail:    setBy + " must be a URI that begins with http:// or https:// and names a host.",
		}
	}
	password, _ := parsed.User.Password()
	secrets := []string{uri, parsed.RequestURI(), parsed.EscapedPath(), parsed.RawQuery, parsed.User.Username(), password}
	for _, values := range parsed.Query() {
		secrets = append(secrets, values...)
	}
	built, err := f.newLibrary(func() (providers.CredentialsProvider, error) {
		return providers.NewURLCredentialsProviderBuilder().WithUrl(uri).Build()
	}, secrets...)
	return &origin{
		provider: built,
		name:     "the credentials URI at " + parsed.Host + " (" + setBy + ")",
	}, err
}
