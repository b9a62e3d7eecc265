package main

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestRunServesUntilStopped(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	urlFile := filepath.Join(t.TempDir(), "url")
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"-snapshots", "5", "-url-file", urlFile}, writer, io.Discard)
		writer.CloseWithError(err)
		ended <- err
	}()

	var block strings.Builder
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		block.WriteString(lines.Text() + "\n")
		if lines.Text() == "}" {
			break
		}
	}
	text, err := os.ReadFile(urlFile)
	if err != nil {
		t.Fatal(err)
	}
	endpoint := strings.TrimSpace(string(text))
	if want := `    ecs = "` + endpoint + `"`; !strings.Contains(block.String(), want) {
		t.Errorf("no %s in\n%s", want, block.String())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/credentials", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}
	for region, want := range map[string]int{
		ecstest.SampleRegion: http.StatusOK, "us-east-1": http.StatusOK, "cn-hangzou": http.StatusNotFound, "us-east-1a": http.StatusNotFound,
	} {
		if got := describe(t, endpoint, region); got != want {
			t.Errorf("region %s: status %d, want %d", region, got, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

// describe asks for the snapshots of a region and tells the status of the answer.
func describe(t *testing.T, endpoint, region string) int {
	t.Helper()
	params := url.Values{
		"Action": {"DescribeSnapshots"}, "Version": {"2014-05-26"}, "Format": {"JSON"}, "RegionId": {region},
		"Timestamp": {time.Now().UTC().Format("2006-01-02T15:04:05Z")}, "AccessKeyId": {ecstest.AccessKeyID},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureVersion": {"1.0"}, "SignatureNonce": {region},
	}
	mac := hmac.New(sha1.New, []byte(ecstest.AccessKeySecret+"&"))
	mac.Write([]byte("GET&%2F&" + url.QueryEscape(params.Encode())))
	params.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+"/?"+params.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"all interfaces", []string{"-listen", ":0"}, "not a loopback"},
		{"another address", []string{"-listen", "192.0.2.1:0"}, "not a loopback"},
		{"no port", []string{"-listen", "127.0.0.1"}, "missing port"},
		{"a negative size", []string{"-snapshots", "-1"}, "negative"},
		{"an argument", []string{"x"}, "unexpected"},
		{"a folder that is not there", []string{"-url-file", filepath.Join(t.TempDir(), "a", "b")}, "no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := run(t.Context(), test.args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
