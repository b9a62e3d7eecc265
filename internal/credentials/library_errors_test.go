package credentials

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// No answer is shown but an error's code and message: what can't be read may hold
// keys. What credentials-go makes of odd answers, panics included, is an error.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	const secret = "answered-secret"
	text := func(body any) string {
		content, err := json.Marshal(body)
		must(err)
		return string(content)
	}
	without := func(member string) string {
		body := uriReply("k", "Code", "Success")
		body["AccessKeySecret"] = secret
		delete(body, member)
		return text(body)
	}
	unusable := Error{Message: "the answer can't be used", Transient: true}
	for name, test := range map[string]struct {
		body string
		want Error
	}{
		"text":               {secret, unusable},
		"page":               {"<html>" + secret + "</html>", unusable},
		"null":               {"null", unusable},
		"list":               {text([]string{secret}), unusable},
		"number":             {`{"AccessKeyId": 1, "AccessKeySecret": "` + secret + `"}`, unusable},
		"cut":                {`{"AccessKeySecret": "` + secret, unusable},
		"no members":         {"{}", unusable},
		"no end":             {without("Expiration"), unusable},
		"no token":           {without("SecurityToken"), unusable},
		"odd end":            {text(uriReply("k", "Expiration", secret)), Error{Message: "the answer can't be used: its Expiration is not a time", Transient: true}},
		"error":              {`{"Code": "NoRole", "Message": "No role here.", "RequestId": "r-1"}`, Error{Code: "NoRole", Message: "No role here.", RequestID: "r-1", Transient: true}},
		"another error":      {`{"error": "no_role"}`, Error{Code: "no_role", Transient: true}},
		"error that repeats": {text(map[string]string{"Message": "not " + without("")}), Error{Message: "not ", Transient: true}},
	} {
		for _, status := range []int{http.StatusOK, http.StatusInternalServerError} {
			if name == "odd end" && status != http.StatusOK {
				continue
			}
			uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, test.body)
			})
			var got *Error
			if err := failureOf(t, Config{CredentialsURI: uri.URL + "/" + secret}); !errors.As(err, &got) {
				t.Fatalf("%s: %v", name, err)
			}
			if strings.Contains(got.Error(), secret) {
				t.Errorf("%s: the answer is seen in: %v", name, got)
			}
			if name == "error that repeats" {
				continue
			}
			test.want.Source = got.Source
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
	wantText(t, failureOf(t, Config{ECSRoleName: "odd-role"}).Error(), "lacks a member")
}

// What the metadata service answers isn't shown either, and what became of asking
// it is.
func TestMetadataFailures(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`get role name failed: Get "http://100.100.100.200/latest/": dial tcp 100.100.100.200:80: i/o timeout`: "get role name failed: dial tcp 100.100.100.200:80: i/o timeout",
		`refresh Ecs sts token err: Get "http://100.100.100.200/latest/a \"b": context deadline exceeded`:      "refresh Ecs sts token err: context deadline exceeded",
		`get metadata token failed: Put "http://100.100.100.200/latest/api/token": EOF`:                        "get metadata token failed: EOF",
		"get role name failed: GET http://100.100.100.200/latest/meta-data/ram/security-credentials/ 404":      "get role name failed: HTTP status 404",
		"refresh Ecs sts token err, httpStatus: 500, message = <html>the answer</html>":                        "HTTP status 500: the answer can't be used",
		`refresh Ecs sts token err, httpStatus: 403, message = {"Code": "Forbidden", "Message": "No."}`:        "HTTP status 403: No.",
		"refresh Ecs sts token err, json.Unmarshal fail: invalid character 'x' looking for beginning of value": "the answer can't be used",
		"refresh Ecs sts token err, Code is not Success":                                                       "refresh Ecs sts token err, Code is not Success",
	} {
		if diff := cmp.Diff(want, libraryError(errors.New(text), true, nil).Message); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestUnknownInstanceRole(t *testing.T) {
	t.Parallel()
	wantText(t, failureOf(t, Config{ECSRoleName: "unknown"}).Error(), "unknown (ecs_role_name)", "HTTP status 403: the answer can't be used")
}

// CloudSSO's own error members are understood.
func TestCloudSSORefuses(t *testing.T) {
	t.Parallel()
	sso := newCloudSSO(t)
	file := cliFile(t, profile{
		"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": sso.URL, "cloud_sso_account_id": "1",
		"cloud_sso_access_config": "c", "access_token": "revoked-token", "cloud_sso_access_token_expire": 1 << 40,
	})
	var got *Error
	if err := failureOf(t, Config{Profile: "sso", SharedCredentialsFile: file}); !errors.As(err, &got) {
		t.Fatalf("%v is not an Error", err)
	}
	want := Error{
		Source: got.Source, Code: "NoPermission", RequestID: "req-3", Transient: true,
		Message: "not by Bearer (redacted)",
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Error(diff)
	}
}
