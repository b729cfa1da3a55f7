<?php

$headers = [
    'Authorization: Basic ' . base64_encode(getenv('CLUTCH_KEY') . ':' . getenv('CLUTCH_SECRET')),
    'Brand: ' . getenv('CLUTCH_BRAND'),
    'Location: ' . getenv('CLUTCH_LOCATION'),
    'Terminal: ' . getenv('CLUTCH_TERMINAL'),
    'Content-Type: application/json',
];
$body = json_encode(['filters' => new stdClass(), 'limit' => 1]);
$options = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'timeout' => 30, 'ignore_errors' => true];
$context = stream_context_create(['http' => $options]);

$answer = json_decode(file_get_contents(getenv('CLUTCH_URL') . '/merchant/search', false, $context), true);
echo 'success: ', json_encode($answer['success']), PHP_EOL;
