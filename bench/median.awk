# Part of the programs of scripts/bench: the median of value[key, 1] to
# value[key, count[key]], `-` if there is none.
function median(key,   n, i, j, x, list) {
  n = count[key]
  if (n == 0)
    return "-"
  for (i = 1; i <= n; ++i) {
    x = value[key, i]
    for (j = i - 1; j >= 1 && list[j] > x; --j)
      list[j + 1] = list[j]
    list[j + 1] = x
  }
  x = n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
  return sprintf(x > -1 && x < 1 ? "%.4f" : "%.2f", x)
}
