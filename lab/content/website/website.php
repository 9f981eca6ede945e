<?php
/**
 * Puts posts, pictures and comments into WordPress through its own functions.
 *
 * Reads what to write as JSON from standard input: {"host", "wordpress" (its folder), "anew" (remove what is there),
 * "writing", "pictures", "folder" (where the pictures lie)}. Prints how many of each there are afterwards, as JSON.
 */

declare(strict_types=1);

$given = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = $given['host'];
$_SERVER['REQUEST_URI'] = '/';

require $given['wordpress'] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';

if (!is_blog_installed()) {
    stop("{$given['host']} is no installed website. Run playbooks/site.yml first.");
}

add_filter('pre_wp_mail', '__return_false');
add_filter('wp_revisions_to_keep', '__return_zero');
kses_remove_filters();
wp_defer_term_counting(true);
wp_defer_comment_counting(true);
$wpdb->query('START TRANSACTION');

if ($given['anew']) {
    remove_what_is_there();
}
$authors = [administrator(), editor($given['writing']['editor'])];
$posts = write_posts($given['writing'], $authors);
upload_pictures($given['pictures'], $given['folder'], $posts);
write_comments($given['writing']['comments'], $posts);

wp_defer_term_counting(false);
wp_defer_comment_counting(false);
$wpdb->query('COMMIT');

echo json_encode([
    'posts' => (int) wp_count_posts()->publish,
    'images' => (int) array_sum((array) wp_count_attachments('image')),
    'comments' => (int) get_comments(['count' => true, 'status' => 'any']),
    'users' => (int) count_users()['total_users'],
]);

/** End with a sentence for the operator. */
function stop(string $reason): never
{
    fwrite(STDERR, $reason . "\n");
    exit(1);
}

/** Give back what WordPress made, or end with its reason for refusing. */
function must(mixed $made): mixed
{
    return is_wp_error($made) ? stop('WordPress refused: ' . $made->get_error_message()) : $made;
}

function remove_what_is_there(): void
{
    $types = ['post', 'page', 'attachment'];
    $old = get_posts(['post_type' => $types, 'post_status' => 'any', 'numberposts' => -1, 'fields' => 'ids']);
    foreach ($old as $id) {
        get_post_type($id) === 'attachment' ? wp_delete_attachment($id, true) : wp_delete_post($id, true);
    }
}

function administrator(): int
{
    return (int) get_users(['role' => 'administrator', 'number' => 1, 'fields' => 'ID'])[0];
}

/** Find the second author, or invite them with a password that nobody knows. */
function editor(array $editor): int
{
    $known = get_user_by('login', $editor['login']);
    return $known ? $known->ID : must(wp_insert_user([
        'user_login' => $editor['login'],
        'user_email' => $editor['email'],
        'display_name' => $editor['name'],
        'user_pass' => wp_generate_password(40),
        'role' => 'editor',
    ]));
}

/** Write the posts and give back their numbers, in the order given. */
function write_posts(array $writing, array $authors): array
{
    $categories = [];
    foreach ($writing['categories'] as $name) {
        $known = term_exists($name, 'category') ?: must(wp_insert_term($name, 'category'));
        $categories[$name] = (int) $known['term_id'];
    }
    return array_map(fn (array $post): int => must(wp_insert_post(wp_slash([
        'post_title' => $post['title'],
        'post_content' => $post['content'],
        'post_excerpt' => $post['excerpt'],
        'post_date' => $post['date'],
        'post_date_gmt' => $post['date'],
        'post_status' => 'publish',
        'post_author' => $authors[$post['by_editor'] ? 1 : 0],
        'post_category' => [$categories[$post['category']]],
        'tags_input' => $post['tags'],
    ]), true)), $writing['posts']);
}

/** Put every picture where an upload of its post's month lands, with its row and its smaller sizes. */
function upload_pictures(array $pictures, string $folder, array $posts): void
{
    foreach ($pictures as $picture) {
        $post = get_post($posts[$picture['post']]);
        $place = wp_upload_dir(substr(str_replace('-', '/', $post->post_date), 0, 7));
        $file = $place['path'] . '/' . wp_unique_filename($place['path'], $picture['name']);
        $kind = wp_check_filetype($file)['type'];
        if ($kind === 'image/jpeg') {
            imagejpeg(imagecreatefrompng("$folder/{$picture['name']}"), $file, 82);
        } else {
            copy("$folder/{$picture['name']}", $file);
        }
        $id = must(wp_insert_attachment(wp_slash([
            'post_title' => $picture['title'],
            'post_mime_type' => $kind,
            'post_status' => 'inherit',
            'post_author' => $post->post_author,
            'post_date' => $post->post_date,
            'guid' => $place['url'] . '/' . basename($file),
        ]), $file, $post->ID, true));
        wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $file));
        if (!has_post_thumbnail($post)) {
            set_post_thumbnail($post, $id);
        }
    }
}

function write_comments(array $comments, array $posts): void
{
    foreach ($comments as $comment) {
        wp_insert_comment(wp_slash([
            'comment_post_ID' => $posts[$comment['post']],
            'comment_author' => $comment['author'],
            'comment_author_email' => $comment['email'],
            'comment_content' => $comment['content'],
            'comment_date' => $comment['date'],
            'comment_date_gmt' => $comment['date'],
            'comment_approved' => $comment['approved'] ? 1 : 0,
        ]));
    }
}
