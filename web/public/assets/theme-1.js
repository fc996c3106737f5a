// Sets the stored theme before the first paint. Classic script: the policy allows no inline one.
// The name carries a version, since everything under /assets is cached for a year.
try {
  const theme = localStorage.getItem("backline.theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme it is.
}
