package credentials

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// cloudSSO exchanges the token of a login that the CLI made. Only the CLI can renew
// that, in a browser.
func (b *profileBuilder) cloudSSO(p *cliProfile) (*origin, error) {
	checkLogin := func() error {
		if b.cfg.Now().Unix() < p.AccessTokenExpire {
			return nil
		}
		return mistake("CloudSSO Login Expired", "The login of the %s has expired. Log in again: aliyun configure --mode CloudSSO --profile %s", p, p.Name)
	}
	if err := checkLogin(); err != nil {
		return nil, err
	}
	site, err := url.Parse(p.SignInURL)
	if err != nil || site.Host == "" || site.Scheme != "https" && site.Scheme != "http" {
		return nil, mistake("Invalid CloudSSO URL", "The cloud_sso_sign_in_url of the %s is no URL such as https://signin-cn-shanghai.alibabacloudsso.com/start.", p)
	}
	body, err := json.Marshal(map[string]string{"AccountId": p.AccountID, "AccessConfigurationId": p.AccessConfig})
	if err != nil {
		return nil, err
	}
	header := map[string]string{"Accept": "application/json", "Content-Type": "application/json", "Authorization": "Bearer " + p.AccessToken}
	return &origin{fetch: func(ctx context.Context) (session, error) {
		if err := checkLogin(); err != nil {
			return session{}, err
		}
		reply, err := b.exchange(ctx, http.MethodPost, site.Scheme+"://"+site.Host+"/cloud-credentials", header, body, p.AccessToken)
		if err != nil {
			return session{}, err
		}
		return b.readSession(reply, false, p.AccessToken)
	}}, nil
}
