package credentials

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

// oauthSite is a sign-in server and the CLI's own client id there, both public.
type oauthSite struct{ url, clientID string }

// oauthSites are the values of the CLI (credentials-go keeps them to itself).
var oauthSites = map[string]oauthSite{
	"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
	"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
}

// oauthProvider is an OAuth login of the CLI. Each refresh makes the former
// refresh token invalid, so the new one is written back, or the CLI itself would
// be logged out. credentials-go's CLI provider does that too, but drops every
// setting of the file that it doesn't know, and prints its failures to stdout,
// which belongs to the plugin protocol.
type oauthProvider struct {
	*library
	profile    cliProfile
	configPath string
	unsaved    error // Why the last tokens could not be written back.
}

func (b *profileBuilder) oauth(p *cliProfile) (provider, error) {
	site, known := oauthSites[strings.ToUpper(p.OAuthSiteType)]
	if !known {
		return nil, &ConfigError{
			Summary: "Unknown OAuth Site",
			Detail:  fmt.Sprintf("The %s has the oauth_site_type %q. Possible are CN and INTL.", p, p.OAuthSiteType),
		}
	}
	login := &oauthProvider{profile: *p, configPath: b.config.path}
	built, err := b.finder.newLibrary(func() (providers.CredentialsProvider, error) {
		return providers.NewOAuthCredentialsProviderBuilder().
			WithSignInUrl(site.url).
			WithClientId(site.clientID).
			WithRefreshToken(p.OAuthRefreshToken).
			WithAccessToken(p.OAuthAccessToken).
			WithAccessTokenExpire(p.OAuthAccessTokenExpire).
			WithTokenUpdateCallback(login.save).
			Build()
	}, p.OAuthRefreshToken, p.OAuthAccessToken)
	login.library = built
	return login, err
}

func (o *oauthProvider) retrieve(ctx context.Context) (*sdkcredentials.Credentials, error) {
	keys, err := o.library.retrieve(ctx)
	if o.unsaved != nil {
		o.logger.InfoContext(ctx, "the aliyun CLI's login was refreshed, but could not be saved: log in again with the CLI",
			slog.String("profile", o.profile.Name), slog.String("error", o.unsaved.Error()))
	}
	o.unsaved = nil
	return keys, err
}

// save is called by credentials-go with each new login. It never fails there,
// since that would be printed.
func (o *oauthProvider) save(refreshToken, accessToken, accessKey, secretKey, securityToken string, accessTokenExpire, stsExpire int64) error {
	o.secrets = []string{refreshToken, accessToken, secretKey, securityToken}
	o.unsaved = updateProfile(o.configPath, o.profile.Name, map[string]any{
		"oauth_refresh_token":       refreshToken,
		"oauth_access_token":        accessToken,
		"oauth_access_token_expire": accessTokenExpire,
		"access_key_id":             accessKey,
		"access_key_secret":         secretKey,
		"sts_token":                 securityToken,
		"sts_expiration":            stsExpire,
	})
	return nil
}

// updateProfile sets fields of one profile and keeps everything else of the file.
func updateProfile(path, name string, fields map[string]any) error {
	path, err := filepath.EvalSymlinks(path) // Or the rename would replace the link.
	if err != nil {
		return err
	}
	content, err := os.ReadFile(path) // Again, since the CLI may have changed it.
	if err != nil {
		return err
	}
	var (
		config   map[string]json.RawMessage
		profiles []map[string]any
	)
	if err := json.Unmarshal(content, &config); err != nil {
		return fmt.Errorf("%s is no longer valid JSON", path)
	}
	decoder := json.NewDecoder(strings.NewReader(string(config["profiles"])))
	decoder.UseNumber() // Numbers come back as they were written.
	if err := decoder.Decode(&profiles); err != nil {
		return fmt.Errorf("%s no longer has profiles", path)
	}
	for _, profile := range profiles {
		if profile["name"] == name {
			for field, value := range fields {
				profile[field] = value
			}
			break
		}
	}
	if config["profiles"], err = json.Marshal(profiles); err != nil {
		return err
	}
	if content, err = json.MarshalIndent(config, "", "\t"); err != nil {
		return err
	}
	return replaceFile(path, content)
}

// replaceFile writes the file anew under the same name and mode, at once.
func replaceFile(path string, content []byte) error {
	status, err := os.Stat(path)
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) //nolint:errcheck // After the rename there is nothing to remove.
	if _, err := draft.Write(content); err != nil {
		_ = draft.Close()
		return err
	}
	if err := draft.Close(); err != nil {
		return err
	}
	if err := os.Chmod(draft.Name(), status.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}
