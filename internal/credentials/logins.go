package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// cloudSSO exchanges the token of a login that the CLI made. Only the CLI can renew
// that, in a browser.
func (f *finder) cloudSSO(p *cliProfile) (*Source, error) {
	site, err := url.Parse(p.SignInURL)
	if err != nil || site.Host == "" || site.Scheme != "https" && site.Scheme != "http" {
		return nil, mistake("Invalid CloudSSO URL", "The cloud_sso_sign_in_url of the %s is no URL such as https://signin-cn-shanghai.alibabacloudsso.com/start.", p)
	}
	body, _ := json.Marshal(map[string]string{"AccountId": p.AccountID, "AccessConfigurationId": p.AccessConfig}) // Texts can't fail.
	exchange := bearer(site.Scheme+"://"+site.Host+"/cloud-credentials", p.AccessToken, string(body))
	return f.newSource("", func(ctx context.Context) (session, error) {
		if f.cfg.Now().Unix() >= p.AccessTokenExpire {
			return session{}, mistake("CloudSSO Login Expired", "The login of the %s has expired. Log in again: aliyun configure --mode CloudSSO --profile %s", p, p.Name)
		}
		return f.session(ctx, exchange, false)
	}), nil
}

// bearer is the exchange of an access token for credentials.
func bearer(url, token, body string) message {
	return message{
		method: http.MethodPost, url: url, body: body, secrets: []string{token},
		header: http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}},
	}
}

// oauthSite is a sign-in server and the CLI's own client ID there, both public.
type oauthSite struct{ url, clientID string }

// oauthSites are the values of the CLI.
var oauthSites = map[string]oauthSite{
	"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
	"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
}

// oauthAhead is how long before its end an access token is refreshed, as in
// the vendor's library.
const oauthAhead = 20 * time.Minute

// oauthLogin is an OAuth login of the CLI. A refresh token can be used once. So each
// fetch reads the tokens from the file, and writes new ones back at once, under a lock:
// otherwise the CLI and other processes of this provider would be logged out.
type oauthLogin struct {
	*finder
	site    oauthSite
	profile *cliProfile

	inFile oauthTokens // The tokens last seen in the file.
	newest oauthTokens // The same, or newer ones that could not be saved.
}

type oauthTokens struct {
	refresh, access string
	accessEnds      int64 // Unix seconds.
}

func (f *finder) oauth(p *cliProfile) (*Source, error) {
	site, known := oauthSites[strings.ToUpper(p.OAuthSiteType)]
	if !known {
		return nil, mistake("Unknown OAuth Site", "The %s has the oauth_site_type %q. Possible are CN and INTL.", p, p.OAuthSiteType)
	}
	return f.newSource("", (&oauthLogin{finder: f, site: site, profile: p}).fetch), nil
}

func (o *oauthLogin) fetch(ctx context.Context) (session, error) {
	unlock, err := lockFile(ctx, o.profile.config.path)
	defer unlock()
	switch {
	case ctx.Err() != nil:
		return session{}, ctx.Err()
	case err != nil: // Probably a read-only folder, where no process can save anything.
		o.cfg.Logger.WarnContext(ctx, "the aliyun CLI's configuration could not be locked", slog.String("profile", o.profile.Name), slog.String("error", err.Error()))
	}
	if err := o.read(ctx, oauthTokens{}); err != nil {
		return session{}, err
	}
	if o.newest.refresh != "" && o.newest.accessEnds <= o.cfg.Now().Add(oauthAhead).Unix() {
		err := o.refresh(ctx)
		if failure, ok := errors.AsType[*rpc.Error](err); ok && failure.Status == http.StatusBadRequest {
			err = o.read(ctx, o.newest) // The token was used before: by the CLI, which takes no lock, or long ago.
		}
		if err != nil {
			return session{}, err
		}
	}
	return o.session(ctx, bearer(o.site.url+"/v1/exchange", o.newest.access, ""), false)
}

// read reads the tokens from the file. It is an error if there are none but those that
// were used up.
func (o *oauthLogin) read(ctx context.Context, usedUp oauthTokens) error {
	p, err := o.readProfile(ctx, o.profile.Name, o.profile.namedBy)
	if err != nil {
		return err
	}
	inFile := oauthTokens{p.OAuthRefreshToken, p.OAuthAccessToken, p.OAuthAccessTokenExpire}
	if inFile != o.inFile {
		o.inFile, o.newest = inFile, inFile
	}
	if o.newest == usedUp || o.newest.refresh+o.newest.access == "" {
		return mistake("OAuth Login Expired", "The login of the %s has expired. Log in again: aliyun configure --mode OAuth --oauth-site-type %s --profile %s",
			o.profile, strings.ToUpper(o.profile.OAuthSiteType), o.profile.Name)
	}
	return nil
}

// refresh trades the refresh token for new tokens, and saves them. Once the request was
// sent the old token may be used up, so the end of the context doesn't stop this.
func (o *oauthLogin) refresh(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // send has its own time limit.
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {o.newest.refresh}, "client_id": {o.site.clientID}}
	var reply struct {
		rpc.Reply
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		ExpiresIn    int64  `json:"expires_in"`
	}
	_, err := o.send(ctx, message{
		method: http.MethodPost, url: o.site.url + "/v1/token", body: form.Encode(), secrets: []string{o.newest.refresh},
		header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	}, &reply)
	if err != nil {
		return err
	}
	if reply.AccessToken == "" || reply.RefreshToken == "" {
		return failed("the response of the OAuth server lacks access_token or refresh_token")
	}
	o.newest = oauthTokens{reply.RefreshToken, reply.AccessToken, o.cfg.Now().Unix() + reply.ExpiresIn}
	err = updateProfile(ctx, o.profile.config.path, o.profile.Name, map[string]any{
		"oauth_refresh_token":       o.newest.refresh,
		"oauth_access_token":        o.newest.access,
		"oauth_access_token_expire": o.newest.accessEnds,
	})
	if err != nil {
		o.cfg.Logger.WarnContext(ctx, "the aliyun CLI's login was refreshed, but could not be saved: log in again with the CLI",
			slog.String("profile", o.profile.Name), slog.String("error", err.Error()))
	} else {
		o.inFile = o.newest
	}
	return nil
}
