//! porchlight-sdk
