package ecstest

import (
	"fmt"
	"time"
)

// The static key that every service knows.
const (
	AccessKeyID     = "LTAItestAccessKeyId0000"
	AccessKeySecret = "testAccessKeySecret000000000000"
)

// AddKey makes the service accept one more static key, so that a test can tell by the calls which key was used.
func (s *Service) AddKey(accessKeyID, accessKeySecret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[accessKeyID] = accessKeySecret
}

// defaultSessionLife is how long a session lives when its caller did not say and SetSessionLife did not either.
const defaultSessionLife = time.Hour

// Session is a temporary key as STS, the credentials URI and the metadata service issue it. Expiration is a whole second
// in UTC.
type Session struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
	Expiration      time.Time
}

// SetSessionLife overrides how long the sessions issued from now on live, whatever their callers ask for; zero lifts the
// override.
func (s *Service) SetSessionLife(life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessionLife = life
}

// IssueSession issues a session without a call.
func (s *Service) IssueSession() Session {
	return s.issue(defaultSessionLife)
}

func (s *Service) issue(life time.Duration) Session {
	serial, now := s.nextSerial(), s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessionLife != 0 {
		life = s.sessionLife
	}
	session := Session{
		AccessKeyID:     fmt.Sprintf("STS.testAccessKeyId%08d", serial),
		AccessKeySecret: fmt.Sprintf("testSessionSecret%08d", serial),
		SecurityToken:   fmt.Sprintf("testSecurityToken%08d", serial),
		Expiration:      now.Add(life).UTC().Truncate(time.Second),
	}
	s.sessions[session.SecurityToken] = session
	return session
}

// secretOf finds the secret that belongs to a key id and, for a session's key, to its token.
func (s *Service) secretOf(accessKeyID, token string) (string, *apiError) {
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if token == "" {
		secret, ok := s.keys[accessKeyID]
		if !ok {
			return "", errUnknownKey // A session's key is unknown without its token.
		}
		return secret, nil
	}
	session, ok := s.sessions[token]
	switch {
	case !ok:
		return "", errTokenMalformed
	case session.AccessKeyID != accessKeyID:
		return "", errTokenOfAnotherKey
	case !now.Before(session.Expiration):
		return "", errTokenExpired
	}
	return session.AccessKeySecret, nil
}
