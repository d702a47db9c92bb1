package dev.evertoken.dev;

/**
 * What a new refresh-token family begins with: the credentials to give an account.
 *
 * @param id names the family in switches and ledger
 */
public record NewFamily(String id, String refreshToken, IssuedAccessToken accessToken) {}
