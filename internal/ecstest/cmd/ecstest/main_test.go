package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunServesUntilStopped(t *testing.T) {
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
	url := strings.TrimSpace(string(text))
	if want := `    ecs = "` + url + `"`; !strings.Contains(block.String(), want) {
		t.Errorf("no %s in\n%s", want, block.String())
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/credentials", nil)
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
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
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
