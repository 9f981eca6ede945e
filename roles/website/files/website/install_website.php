<?php
/**
 * Makes the secret keys of a website and installs it into its database, each only where it is missing.
 *
 * Reads what a website starts with as JSON from standard input, so that the password stands in no list of
 * arguments and in no file: {"host", "address", "title", "administrator": {"name", "email", "password"}}.
 * Prints what it did, a line each, or "nothing to do". Whatever stops it is a sentence on standard error and
 * exit status 1.
 */

declare(strict_types=1);

const CONFIGURATION = '/etc/wordpress';
const WORDPRESS = '/usr/share/wordpress';
const WEB_SERVER_USER = 'www-data';
const KEYS = [
    'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY',
    'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT',
];

/** End with a sentence for the operator. */
function stop(string $reason): never
{
    fwrite(STDERR, $reason . "\n");
    exit(1);
}

/** Write the secret keys, readable for the web server alone, unless they are there; say whether they were made. */
function make_keys(string $file): bool
{
    if (file_exists($file)) {
        return false;
    }
    $lines = ["<?php\n// Made on this host, once. Whoever replaces them logs everybody out.\n"];
    foreach (KEYS as $key) {
        $lines[] = sprintf("define('%s', '%s');\n", $key, bin2hex(random_bytes(32)));
    }
    $unfinished = tempnam(dirname($file), '.keys-');
    file_put_contents($unfinished, $lines);
    chgrp($unfinished, WEB_SERVER_USER);
    chmod($unfinished, 0640);
    rename($unfinished, $file);
    return true;
}

/** From here on the program may do what the web server may do: it runs code that the web server can write. */
function become_the_web_server(): void
{
    $account = posix_getpwnam(WEB_SERVER_USER);
    posix_initgroups(WEB_SERVER_USER, $account['gid']);
    if (!posix_setgid($account['gid']) || !posix_setuid($account['uid'])) {
        stop('Could not become ' . WEB_SERVER_USER . '. Run this program as root.');
    }
}

/** Refuse a database that does not let us in; WordPress would print a web page and end with status 0. */
function require_the_database(): void
{
    try {
        (new mysqli(DB_HOST, DB_USER, DB_PASSWORD, DB_NAME))->close();
    } catch (mysqli_sql_exception $refusal) {
        stop(sprintf(
            'The database %s does not let %s in: %s. Make the database and its user first, with the same password.',
            DB_NAME, DB_USER, $refusal->getMessage(),
        ));
    }
}

/** Refuse to put an empty website over what is left of a full one. */
function require_no_remains(string $uploads): void
{
    $files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($uploads, FilesystemIterator::SKIP_DOTS));
    foreach ($files as $file) {
        stop(sprintf(
            'The database %s holds no website, but %s holds uploaded files, for example %s. A website was here: '
            . 'restore its database. To begin anew instead, empty that folder first.',
            DB_NAME, $uploads, $file->getFilename(),
        ));
    }
}

/** A new website need not tell anybody by mail. WordPress lets this function be replaced. */
function wp_new_blog_notification(string $title, string $address, int $administrator, string $password): void
{
}

$wanted = json_decode(stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);
$done = [];

if (make_keys(CONFIGURATION . "/keys-{$wanted['host']}.php")) {
    $done[] = 'made the secret keys';
}
become_the_web_server();

// WordPress ends by itself when something is wrong, and with status 0: whoever gets here without having finished failed.
$finished = false;
register_shutdown_function(function () use (&$finished): void {
    if (!$finished) {
        exit(1);
    }
});

$_SERVER['HTTP_HOST'] = $wanted['host'];
define('WP_INSTALLING', true);
define('WP_SITEURL', $wanted['address']);
require_once CONFIGURATION . "/config-{$wanted['host']}.php";
require_the_database();
require_once WORDPRESS . '/wp-load.php';
require_once WORDPRESS . '/wp-admin/includes/upgrade.php';

if (!is_blog_installed()) {
    require_no_remains(WP_CONTENT_DIR . '/uploads');
    // WordPress asks itself over HTTP whether pretty addresses work. Ours do, and no server needs to run for this.
    add_filter('pre_http_request', fn () => new WP_Error('offline', 'not while installing'));
    wp_install(
        $wanted['title'],
        $wanted['administrator']['name'],
        $wanted['administrator']['email'],
        true,
        '',
        $wanted['administrator']['password'],
    );
    $wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/');
    flush_rewrite_rules(false);
    $done[] = 'installed the website';
}
echo implode("\n", $done ?: ['nothing to do']), "\n";
$finished = true;
