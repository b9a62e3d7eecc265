package credentials

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

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

// oauthLogin is an OAuth login of the CLI. A refresh token can be used once. So each
// refresh reads the token from the file and writes the new one back, under a lock:
// otherwise the CLI and the other processes of this provider would be logged out.
// credentials-go's CLI provider also writes it, but reads the file only once, drops
// every setting that it doesn't know, and prints failures to stdout, which belongs
// to the plugin protocol.
type oauthLogin struct {
	site   oauthSite
	name   string
	read   func() (*cliProfile, error) // Reads the profile from the file.
	path   string
	logger *slog.Logger

	inFile  oauthTokens                   // The tokens last seen in the file.
	newest  oauthTokens                   // The same, or newer ones that could not be saved.
	pending providers.CredentialsProvider // From a failed fetch; it may hold tokens that are newer still.
	answer  oauthAnswer                   // Of the last fetch.
	failing time.Time                     // When fetches began to fail; zero if the last one didn't.
}

type oauthTokens struct {
	refresh, access string
	accessEnds      int64 // Unix seconds.
}

// oauthAnswer is what credentials-go reports about a fetch.
type oauthAnswer struct {
	tokens oauthTokens
	keys   sdkcredentials.Credentials
	end    int64 // Unix seconds.
}

func (b *profileBuilder) oauth(p *cliProfile) (provider, error) {
	site, known := oauthSites[strings.ToUpper(p.OAuthSiteType)]
	if !known {
		return nil, &ConfigError{
			Summary: "Unknown OAuth Site",
			Detail:  fmt.Sprintf("The %s has the oauth_site_type %q. Possible are CN and INTL.", p, p.OAuthSiteType),
		}
	}
	read := func() (*cliProfile, error) {
		config, err := b.finder.readCLIConfig()
		if err != nil {
			return nil, err
		}
		return config.find(p.Name, p.namedBy)
	}
	return b.finder.newRefreshing(&oauthLogin{site: site, name: p.Name, read: read, path: p.file, logger: b.finder.cfg.Logger}), nil
}

func (o *oauthLogin) fetch(ctx context.Context) (*session, error) {
	unlock, err := lockFile(ctx, o.path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// Probably a read-only folder, where no process can save anything.
		o.logger.WarnContext(ctx, "the aliyun CLI's configuration could not be locked", slog.String("error", err.Error()))
		unlock = func() {}
	}
	defer unlock()
	profile, err := o.read()
	if err != nil {
		return nil, err
	}
	inFile := oauthTokens{profile.OAuthRefreshToken, profile.OAuthAccessToken, profile.OAuthAccessTokenExpire}
	if inFile.refresh+inFile.access == "" {
		return nil, o.ended(profile)
	}
	if inFile != o.inFile {
		o.inFile, o.newest, o.pending = inFile, inFile, nil
	}
	if o.pending == nil {
		built, err := o.build()
		if err != nil {
			return nil, &Error{Message: redact(err.Error())}
		}
		o.pending = built
	}
	if _, err := recovered(o.pending); err != nil {
		return nil, o.failure(err, profile)
	}
	o.failing, o.pending, o.newest = time.Time{}, nil, o.answer.tokens
	if err := o.save(); err != nil {
		o.logger.WarnContext(ctx, "the aliyun CLI's login was refreshed, but could not be saved: log in again with the CLI",
			slog.String("profile", o.name), slog.String("error", err.Error()))
	} else {
		o.inFile = o.newest
	}
	return &session{credentials: o.answer.keys, expires: time.Unix(o.answer.end, 0)}, nil
}

func (o *oauthLogin) build() (providers.CredentialsProvider, error) {
	return providers.NewOAuthCredentialsProviderBuilder().
		WithSignInUrl(o.site.url).
		WithClientId(o.site.clientID).
		WithRefreshToken(o.newest.refresh).
		WithAccessToken(o.newest.access).
		WithAccessTokenExpire(o.newest.accessEnds).
		WithTokenUpdateCallback(o.note).
		Build()
}

// note is called by credentials-go after a successful fetch. It never fails, since
// credentials-go would print that.
func (o *oauthLogin) note(refreshToken, accessToken, accessKey, secretKey, securityToken string, accessTokenEnds, end int64) error {
	o.answer = oauthAnswer{
		tokens: oauthTokens{refreshToken, accessToken, accessTokenEnds},
		keys:   sdkcredentials.Credentials{AccessKeyId: accessKey, AccessKeySecret: secretKey, SecurityToken: securityToken},
		end:    end,
	}
	return nil
}

func (o *oauthLogin) save() error {
	return updateProfile(o.path, o.name, map[string]any{
		"oauth_refresh_token":       o.answer.tokens.refresh,
		"oauth_access_token":        o.answer.tokens.access,
		"oauth_access_token_expire": o.answer.tokens.accessEnds,
		"access_key_id":             o.answer.keys.AccessKeyId,
		"access_key_secret":         o.answer.keys.AccessKeySecret,
		"sts_token":                 o.answer.keys.SecurityToken,
		"sts_expiration":            o.answer.end,
	})
}

func (o *oauthLogin) failure(err error, profile *cliProfile) error {
	if err.Error() == "failed to refresh token, status code: 400" {
		o.pending = nil
		return o.ended(profile)
	}
	now := time.Now()
	o.failing = cmp.Or(o.failing, now)
	return libraryError(err, now.Sub(o.failing) < passingFor, []string{o.newest.refresh, o.newest.access})
}

func (o *oauthLogin) ended(profile *cliProfile) error {
	return &ConfigError{
		Summary: "OAuth Login Expired",
		Detail:  fmt.Sprintf("The login of the %s has expired. Log in again: aliyun configure --mode OAuth --profile %s", profile, o.name),
	}
}
