package rpc

import (
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ecs.cn-hangzhou.aliyuncs.com":     "https://ecs.cn-hangzhou.aliyuncs.com",
		"ecs.example.com:8443":             "https://ecs.example.com:8443",
		"https://ecs.example.com":          "https://ecs.example.com",
		"http://127.0.0.1:8080":            "http://127.0.0.1:8080",
		"HTTP://localhost":                 "http://localhost",
		"[::1]:8080":                       "https://[::1]:8080",
		"10.0.0.1":                         "https://10.0.0.1",
		"https://ecs-vpc.cn-x.example.com": "https://ecs-vpc.cn-x.example.com",
	} {
		if got, err := ParseEndpoint(text); err != nil || got.String() != want {
			t.Errorf("%q: got %v and %v, want %s", text, got, err, want)
		}
	}
}

func TestParseEndpointRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "no valid host",
		"https://":                      "no valid host",
		"ftp://ecs.example.com":         `scheme is "ftp"`,
		"ecs.example.com/":              "path",
		"https://ecs.example.com/ecs":   "path",
		"https://ecs.example.com?a=b":   "query",
		"https://ecs.example.com?":      "query",
		"https://ecs.example.com#":      "fragment",
		"https://ecs.example.com#a":     "fragment",
		"me@ecs.example.com":            "user part",
		"https://me:hush@host":          "user part",
		"https://me:hush/hush@host":     "user part",
		"https://me:hush hush@host":     "user part",
		"ecs.example.com:":              "not between",
		"ecs.example.com:0":             "not between",
		"ecs.example.com:65536":         "not between",
		"ecs.example.com:https":         "not a host",
		"ecs example.com":               "not a host",
		"*.example.com":                 "no valid host",
		"a.example.com,b.example.com":   "no valid host",
		"::1":                           "not a host",
		"https://https://ecs.a.example": "path",
	} {
		got, err := ParseEndpoint(text)
		if err == nil {
			t.Errorf("%q: got %v", text, got)
		} else if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
