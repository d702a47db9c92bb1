package dev.evertoken.rig;

/** User and password of a proxy. */
record Login(String user, String password) {}
